"""Who is told by mail that something happened in a run. One row of the outbox for each event, in its transaction.

To whom it goes is found when it goes out, from who is in charge, or may see it, then. Whoever did it is not told.
"""

from accounts.actions import mails
from accounts.models import Mail
from accounts.viewer import Viewer
from assessments.models import Assessment, ClarificationMessage

SUBMITTED, THRESHOLD, RELEASED = "assessments.submitted", "assessments.threshold", "assessments.released"
CLARIFICATION = "assessments.clarification"


def submitted(by: Viewer, run: Assessment) -> Mail:
    """This will tell the account's Account Executives, or the Admins where it has none, that a run was submitted."""
    return _tell(by, SUBMITTED, run, str(run.submitted_at))


def threshold(by: Viewer, run: Assessment) -> Mail:
    """This will tell the same people, once, that as many of the respondents are done as they wanted to hear of."""
    return _tell(by, THRESHOLD, run, str(run.notify_at_percent))


def released(by: Viewer, run: Assessment) -> Mail:
    """This will tell the account's clients who may see results that those of this run are there."""
    return _tell(by, RELEASED, run, str(run.released_at))


def clarification_asked(by: Viewer, message: ClarificationMessage) -> Mail:
    """This will bring a question sent back to the one it goes to, or to everybody who answers where nobody is known."""
    return _say(by, message)


def clarification_replied(by: Viewer, message: ClarificationMessage) -> Mail:
    """This will bring a reply to who asked, or to who is in charge of the account when that person is no more."""
    return _say(by, message)


def _tell(by: Viewer, kind: str, run: Assessment, occasion: str) -> Mail:
    return mails.queue(
        by=by, kind=kind, about=run, account=run.account, key=f"{kind}:{run.pk}:{occasion}", data=_by_name(by)
    )


def _say(by: Viewer, message: ClarificationMessage) -> Mail:
    run = message.clarification.assessment
    return mails.queue(
        by=by, kind=CLARIFICATION, about=message, account=run.account, key=f"{CLARIFICATION}:{message.pk}"
    )


def _by_name(by: Viewer) -> dict[str, str]:
    return {"by_name": by.shown_name}
