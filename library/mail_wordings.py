"""How an organization can write the mails about its Library in its own words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import mailing
from accounts.mail.mailing import Variable, Wording

from .notices import DECIDED, REQUESTED

_DEFINITION = Variable("definition", gettext_lazy("What is asked for"), "Business resilience")


def _requested() -> tuple[str, str]:
    names = {name: f"{{{{ {name} }}}}" for name in ("person", "account", "definition")}
    return _("%(person)s of %(account)s asks for %(definition)s") % names, "\n\n".join(
        (
            _("%(person)s would like to take an assessment that is not among theirs.") % names,
            "{{ facts }}",
            "{{ message }}",
            "{{ button }}",
        )
    )


mailing.describe(
    REQUESTED,
    Wording(
        label=gettext_lazy("Somebody asks for access"),
        note=gettext_lazy("To who looks after the account, when a client asks for an assessment that is not theirs."),
        variables=(
            Variable("person", gettext_lazy("Who asks"), "Priya Nair"),
            Variable("account", gettext_lazy("The account"), "Northwind Dental"),
            _DEFINITION,
        ),
        source=_requested,
        button=gettext_lazy("Grant or decline"),
        blocks=("facts", "message"),
        facts=(
            (gettext_lazy("Assessment"), "Business resilience"),
            (gettext_lazy("Account"), "Northwind Dental"),
        ),
        message=gettext_lazy("We would like to know where we stand before the audit."),
    ),
)
mailing.describe(
    DECIDED,
    Wording(
        label=gettext_lazy("Answer to who asked for access"),
        note=gettext_lazy("To who asked for an assessment, once it is granted or declined."),
        variables=(
            Variable("verdict", gettext_lazy("What was decided"), gettext_lazy("You can take Business resilience now")),
            _DEFINITION,
            Variable("is_granted", gettext_lazy("Whether it was granted"), True),
        ),
        source=lambda: ("{{ verdict }}", "{{ verdict }}.\n\n{{ message }}\n\n{{ button }}"),
        button=gettext_lazy("Open the assessment"),
        blocks=("message",),
        message=gettext_lazy("Talk to us first: the other one fits better."),
    ),
)
