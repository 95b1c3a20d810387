"""What follows an accepted intake submission: the chosen definition stands in the account's Library, an assessment of it
is started, and the contact is asked to answer it."""

import uuid

from accounts import intake
from accounts.viewer import Viewer
from assessments.actions import assessments, respondents
from library.actions import library_entries
from library.models import Definition


@intake.startable
def definitions(viewer: Viewer) -> list[tuple[str, str]]:
    """This will list the published definitions that an account can be given, by name."""
    found = Definition.objects.visible_to(viewer).launchable().top_level().order_by("name")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


@intake.after_acceptance
def start(by: Viewer, accepted: intake.Accepted) -> None:
    """This will start what was chosen; nothing when nothing was, or when it is not published any more."""
    if accepted.definition is None:
        return
    definition = _definition(by, accepted.definition)
    if definition is None:
        return
    library_entries.assign(by=by, account=accepted.account, definitions=[definition])
    run = assessments.create(by=by, account=accepted.account, definition=definition)
    person = _person(accepted)
    if person is not None:
        asked = respondents.add(by=by, run=run, people=[person])
        respondents.invite(by=by, respondents=asked, origin=accepted.origin)


def _definition(by: Viewer, pk: uuid.UUID) -> Definition | None:
    return Definition.objects.visible_to(by).launchable().top_level().filter(pk=pk).first()


def _person(accepted: intake.Accepted) -> respondents.Person | None:
    if accepted.membership is not None:
        return respondents.Person(user=accepted.membership.user)
    if accepted.contact is not None and accepted.contact.email:
        return respondents.Person(name=accepted.contact.name, email=accepted.contact.email)
    return None
