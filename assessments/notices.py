"""Who is told that something happened in a run. One row of the outbox for each event, in its transaction.

To whom it goes is found when it goes out, from who is in charge, or may see it, then; how each hears of it is what they
chose. Whoever did it is not told.
"""

from accounts.notices import notifications
from accounts.viewer import Viewer
from assessments.models import Assessment, ClarificationMessage

SUBMITTED, THRESHOLD, RELEASED = "assessments.submitted", "assessments.threshold", "assessments.released"
CLARIFICATION = "assessments.clarification"


def submitted(by: Viewer, run: Assessment) -> None:
    """This will tell the account's Account Executives, or the Admins where it has none, that a run was submitted."""
    _tell(by, SUBMITTED, run, str(run.submitted_at))


def threshold(by: Viewer, run: Assessment) -> None:
    """This will tell the same people, once, that as many of the respondents are done as they wanted to hear of."""
    _tell(by, THRESHOLD, run, str(run.notify_at_percent))


def released(by: Viewer, run: Assessment) -> None:
    """This will tell the account's clients who may see results that those of this run are there."""
    _tell(by, RELEASED, run, str(run.released_at))


def clarification_asked(by: Viewer, message: ClarificationMessage) -> None:
    """This will bring a question sent back to the one it goes to, or to everybody who answers where nobody is known."""
    _say(by, message)


def clarification_replied(by: Viewer, message: ClarificationMessage) -> None:
    """This will bring a reply to who asked, or to who is in charge of the account when that person is no more."""
    _say(by, message)


def _tell(by: Viewer, kind: str, run: Assessment, occasion: str) -> None:
    notifications.tell(
        by=by, kind=kind, users=None, about=run, account=run.account, key=f"{kind}:{run.pk}:{occasion}",
        data=_by_name(by),
    )  # fmt: skip


def _say(by: Viewer, message: ClarificationMessage) -> None:
    run = message.clarification.assessment
    key = f"{CLARIFICATION}:{message.pk}"
    notifications.tell(by=by, kind=CLARIFICATION, users=None, about=message, account=run.account, key=key)


def _by_name(by: Viewer) -> dict[str, str]:
    return {"by_name": by.shown_name}
