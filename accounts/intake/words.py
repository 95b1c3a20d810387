"""The mails about intake, and what Admins are told of it."""

import uuid
from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import addresses
from accounts.mail import mailing
from accounts.mail.mailing import Button, Content, Facts, Heading, Paragraph
from accounts.models import IntakeSubmission, Mail
from accounts.notices import notifications
from accounts.notices.notification_kinds import Notice
from accounts.roles import Can
from accounts.viewer import Viewer

RECEIVED = "accounts.intake_received"


def _of(mail: Mail) -> IntakeSubmission | None:
    return IntakeSubmission.objects.filter(organization=mail.organization, pk=mail.about).first()


@mailing.kind("accounts.intake_receipt")
def receipt(mail: Mail, by: Viewer) -> Content | None:
    """This will tell who sent an intake form that it came. Nothing in it was typed by anybody: whoever gives the address
    of a stranger has them one line of ours, and no words of their own."""
    if _of(mail) is None:
        return None
    names = {"organization": mail.organization.name}
    return Content(
        subject=_("%(organization)s has received your form") % names,
        parts=(
            Paragraph(_("Hello,")),
            Paragraph(
                _("Thank you. What you sent has arrived, and somebody of us reads it. You hear from us by email.")
            ),
            Paragraph(_("There is nothing else to do."), is_quiet=True),
        ),
        why=_(
            "You get this because your address was entered in a form of %(organization)s. You did not send it? Then you "
            "need not do anything: no account was made."
        )
        % names,
    )


@mailing.kind("accounts.intake_refusal", asked_with=Can.MANAGE_SETTINGS)
def refusal(mail: Mail, by: Viewer) -> Content | None:
    """This will write to somebody whose submission was turned down, in the words of who did so; not when it was taken
    back since."""
    submission = _of(mail)
    if submission is None or submission.state != IntakeSubmission.State.REJECTED:
        return None
    names = {"organization": mail.organization.name}
    return Content(
        subject=_("About the form you sent to %(organization)s") % names,
        parts=(
            Paragraph(_("Hello %(name)s,") % {"name": mailing.one_line(submission.contact_name)}),
            *(
                Paragraph(text.strip(), is_message=True)
                for text in str(mail.data.get("message", "")).split("\n\n")
                if text.strip()
            ),
        ),
        why=_("You get this because you sent a form to %(organization)s.") % names,
    )


@mailing.kind(RECEIVED)
def received(mail: Mail, by: Viewer) -> Content | None:
    """This will tell an Admin that a company sent an intake form."""
    submission = _of(mail)
    origin = addresses.origin_of(mail.organization)
    if submission is None or submission.state != IntakeSubmission.State.WAITING or not origin:
        return None
    return Content(
        subject=_("%(company)s sent an intake form") % {"company": mailing.one_line(submission.company)},
        parts=(
            Heading(mailing.one_line(submission.company)),
            Facts(
                (
                    (str(_("Name")), submission.contact_name),
                    (str(_("Email")), submission.contact_email),
                )
            ),
            Paragraph(_("It waits for a decision: a new account, one you have already, or none."), leads_on=True),
            Button(_("Look at it"), origin + _page(submission.pk)),
        ),
        why=_("You get this because you are an Admin of %(organization)s.") % {"organization": mail.organization.name},
        values={"company": submission.company},
    )


def _page(pk: uuid.UUID) -> str:
    return reverse("staff:intake_submission", args=[pk])


def _load(viewer: Viewer, ids: set[uuid.UUID]) -> Mapping[uuid.UUID, IntakeSubmission]:
    if not viewer.of_organization().can(Can.MANAGE_SETTINGS):
        return {}
    return IntakeSubmission.objects.visible_to(viewer).in_bulk(ids)


def _text(notice: Notice) -> str:
    return _("%(company)s sent an intake form") % {"company": notice.about.company}


notifications.kind(
    RECEIVED,
    gettext_lazy("A company sent an intake form"),
    text=_text,
    load=_load,
    path=lambda notice: _page(notice.about.pk),
    icon="inbox",
    audience=("staff",),
)
