"""One step of a run at a time: reading it under a lock, and where a step leads."""

from typing import Any

from assessments.models import STEPS, Assessment, Status
from portal.web.missing import Missing


class WrongStatus(Exception):
    """The step does not exist from the assessment's present status: `assessment` as it stands now."""

    def __init__(self, assessment: Assessment):
        self.assessment = assessment
        super().__init__(assessment.status)


class AnswersMissing(Exception):
    """These questions need an answer before the assessment can be submitted: `keys`, in the order asked."""

    def __init__(self, keys: list[str]):
        self.keys = keys
        super().__init__(", ".join(keys))


def locked(assessment: Assessment, **also: Any) -> Assessment:
    """This will read the assessment anew and keep everybody else from changing it until the transaction ends.

    `also` are annotations to read with it. One that was deleted is not found by any action.
    """
    rows = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("account", "version")
        .defer("version__document")
        .annotate(**also)
        .filter(pk=assessment.pk, account_id=assessment.account_id, deleted_at=None)
    )
    # Waiting for somebody who moves the run to another version, the join with the old one finds nothing: look again.
    found = rows.first() or rows.first()
    if found is None:
        raise Missing("deleted in the meantime")
    return found


def after(assessment: Assessment, step: str) -> Status:
    """This will return the status a step leads to. Raises WrongStatus when the step does not exist from here."""
    if assessment.status not in STEPS[step]:
        raise WrongStatus(assessment)
    return STEPS[step][assessment.status]
