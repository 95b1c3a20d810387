from accounts.viewer import Viewer
from assessments.models import Assessment, Respondent


def take_part(by: Viewer, assessment: Assessment) -> None:
    """This will record that the viewer answers this assessment; saying so twice changes nothing."""
    row = Respondent(
        organization=by.organization, account_id=assessment.account_id, assessment=assessment, user=by.user
    )
    Respondent.objects.bulk_create([row], ignore_conflicts=True)
