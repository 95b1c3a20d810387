"""How an organization can write the mails about intake in its own words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import mailing
from accounts.mail.mailing import Variable, Wording

from .words import RECEIVED

_ORGANIZATION = {"organization": "{{ organization }}"}


def _receipt() -> tuple[str, str]:
    thanks = _("Thank you. What you sent has arrived, and somebody of us reads it. You hear from us by email.")
    return (
        _("%(organization)s has received your form") % _ORGANIZATION,
        "\n\n".join((_("Hello,"), thanks, _("There is nothing else to do."))),
    )


def _refusal() -> tuple[str, str]:
    hello = _("Hello %(name)s,") % {"name": "{{ first_name }}"}
    return _("About the form you sent to %(organization)s") % _ORGANIZATION, f"{hello}\n\n{{{{ message }}}}"


def _received() -> tuple[str, str]:
    waits = _("It waits for a decision: a new account, one you have already, or none.")
    subject = _("%(company)s sent an intake form") % {"company": "{{ company }}"}
    return subject, f"# {{{{ company }}}}\n\n{{{{ facts }}}}\n\n{waits}\n\n{{{{ button }}}}"


mailing.describe(
    "accounts.intake_receipt",
    Wording(
        label=gettext_lazy("An intake form has arrived"),
        note=gettext_lazy("To who sent an intake form, right away."),
        variables=(),
        source=_receipt,
    ),
)
mailing.describe(
    "accounts.intake_refusal",
    Wording(
        label=gettext_lazy("An intake form is turned down"),
        note=gettext_lazy("To who sent it, with the words of who decided."),
        variables=(),
        source=_refusal,
        blocks=("message",),
        message=gettext_lazy("Thank you for your interest. At the moment we take no new clients in your region."),
    ),
)
mailing.describe(
    RECEIVED,
    Wording(
        label=gettext_lazy("A company sent an intake form"),
        note=gettext_lazy("To the Admins, so that somebody decides."),
        variables=(Variable("company", gettext_lazy("The company"), "Brightwater Logistics"),),
        source=_received,
        button=gettext_lazy("Look at it"),
        blocks=("facts",),
        facts=((gettext_lazy("Name"), "Elena Ruiz"), (gettext_lazy("Email"), "elena@brightwater.example")),
    ),
)
