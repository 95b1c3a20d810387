"""How an organization can write the mails about assessments in its own words: what each may name, and ours to begin with."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import mailing
from accounts.mail.email_templates import FACTS, MESSAGE
from accounts.mail.mailing import Variable, Wording

_NAMES = {
    name: f"{{{{ {name} }}}}"
    for name in ("who", "run", "account", "organization", "done", "everybody", "answered", "questions")
}
_NAME = {"name": "{{ first_name }}"}

_RUN = Variable("run", gettext_lazy("The name of the assessment"), "Business resilience")
_ACCOUNT = Variable("account", gettext_lazy("The account"), "Northwind Dental")
_DUE = Variable("due_on", gettext_lazy("The day it is due; empty without one"), "November 30, 2026", True)
_GET_IN = Variable(
    "how_you_get_in",
    gettext_lazy("How the reader gets in: with a login, or by the link alone"),
    gettext_lazy("You need no password: the link is yours alone, so keep it to yourself."),
)
_SECTIONS = Variable("sections", gettext_lazy("The sections this person is asked; empty when all"), "", True)
_TIME = Variable("time_needed", gettext_lazy("How long it takes"), gettext_lazy("About 20 minutes"), True)
_EXAMPLE_FACTS = (
    (gettext_lazy("Company"), "Northwind Dental"),
    (gettext_lazy("Time needed"), "20 min"),
    (gettext_lazy("Due"), "November 30, 2026"),
)


def _body(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def _hello() -> str:
    return f"{{% if first_name %}}{_('Hello %(name)s,') % _NAME}{{% else %}}{_('Hello,')}{{% endif %}}"


def _invitation() -> tuple[str, str]:
    named = _("%(who)s of %(organization)s asks you to answer “%(run)s” for %(account)s.") % _NAMES
    nobody = _("%(organization)s asks you to answer “%(run)s” for %(account)s.") % _NAMES
    return _("%(who)s asks you to answer “%(run)s” for %(account)s") % _NAMES, _body(
        "# {{ run }}",
        _hello(),
        f"{{% if is_named %}}{named}{{% else %}}{nobody}{{% endif %}}",
        "{{ message }}",
        "{{ facts }}",
        "{{ button }}",
        "{{ how_you_get_in }}",
        "{{ what_happens }}",
    )


mailing.describe(
    "assessments.invitation",
    Wording(
        label=gettext_lazy("Asked to answer"),
        note=gettext_lazy("To everybody who is asked to answer an assessment, with or without a login."),
        variables=(
            Variable("who", gettext_lazy("Who asks"), "Sam Okafor"),
            _RUN,
            _ACCOUNT,
            _SECTIONS,
            _TIME,
            _DUE,
            Variable("is_named", gettext_lazy("Whether a person asks, not only the organization"), True),
            _GET_IN,
            Variable(
                "what_happens",
                gettext_lazy("Who sees the answers, and what comes of them"),
                gettext_lazy("Your answers are saved as you give them: you can stop and go on later."),
            ),
        ),
        source=_invitation,
        button=gettext_lazy("Go to the questions"),
        blocks=(MESSAGE, FACTS),
        facts=_EXAMPLE_FACTS,
        message=gettext_lazy("We talked about this on Tuesday. Thank you for taking the time."),
    ),
)


def _reminder() -> tuple[str, str]:
    fresh = _("“%(run)s” for %(account)s waits for your answers.") % _NAMES
    begun = _("“%(run)s” for %(account)s waits for the rest of your answers.") % _NAMES
    return "{{ headline }}", _body(
        "# {{ run }}",
        _hello(),
        f"{{% if is_begun %}}{begun}{{% else %}}{fresh}{{% endif %}}",
        "{{ message }}",
        "{{ facts }}",
        "{{ button }}",
        "{{ how_you_get_in }}",
    )


mailing.describe(
    "assessments.reminder",
    Wording(
        label=gettext_lazy("Reminder"),
        note=gettext_lazy("30, 7 and 1 days before the day it is due, and when somebody reminds by hand."),
        variables=(
            Variable(
                "headline",
                gettext_lazy("What is due when, as one line"),
                gettext_lazy("Reminder: “Business resilience” is due tomorrow"),
            ),
            Variable("who", gettext_lazy("Who asks"), "Sam Okafor"),
            _RUN,
            _ACCOUNT,
            _SECTIONS,
            _TIME,
            _DUE,
            Variable("is_begun", gettext_lazy("Whether the person has begun"), True),
            Variable("so_far", gettext_lazy("How much is answered"), gettext_lazy("12 of 40 questions"), True),
            _GET_IN,
        ),
        source=_reminder,
        button=gettext_lazy("Go on answering"),
        blocks=(MESSAGE, FACTS),
        facts=_EXAMPLE_FACTS,
        message=gettext_lazy("Only your part is missing."),
        cases=({"headline": "Reminder"},),
    ),
)


def _submitted() -> tuple[str, str]:
    out = _("The definition gives instant results: the client sees them already.")
    wait = _("The client sees the results once you release them.")
    return _("%(account)s submitted “%(run)s”") % _NAMES, _body(
        "# {{ run }}",
        _hello(),
        _("%(who)s has submitted “%(run)s” for %(account)s.") % _NAMES,
        "{{ facts }}",
        f"{{% if is_released %}}{out}{{% else %}}{wait}{{% endif %}}",
        "{{ button }}",
    )


mailing.describe(
    "assessments.submitted",
    Wording(
        label=gettext_lazy("Submitted"),
        note=gettext_lazy("To who looks after the account, when an assessment is submitted."),
        variables=(
            Variable("who", gettext_lazy("Who submitted it"), "Priya Nair"),
            _RUN,
            _ACCOUNT,
            Variable("submitted_at", gettext_lazy("When"), "November 14, 2026, 9:41 AM"),
            Variable("answered", gettext_lazy("How many questions are answered"), "38"),
            Variable("questions", gettext_lazy("How many questions there are"), "40"),
            Variable("is_released", gettext_lazy("Whether the client sees the results already"), False),
        ),
        source=_submitted,
        button=gettext_lazy("Review the answers"),
        blocks=(FACTS,),
        facts=(
            (gettext_lazy("Account"), "Northwind Dental"),
            (gettext_lazy("Submitted"), "November 14, 2026, 9:41 AM"),
        ),
    ),
)


def _threshold() -> tuple[str, str]:
    return _("%(done)d of %(everybody)d people are done with “%(run)s”").replace(")d", ")s") % _NAMES, _body(
        "# {{ run }}",
        _hello(),
        _("%(done)d of the %(everybody)d people asked have handed in “%(run)s” for %(account)s.").replace(")d", ")s")
        % _NAMES,
        "{{ facts }}",
        "{{ button }}",
    )


mailing.describe(
    "assessments.threshold",
    Wording(
        label=gettext_lazy("Most people are done"),
        note=gettext_lazy("To who looks after the account, at the share the set-up of an assessment names."),
        variables=(
            _RUN,
            _ACCOUNT,
            Variable("done", gettext_lazy("How many people are done"), "8"),
            Variable("everybody", gettext_lazy("How many people were asked"), "10"),
            Variable("missing", gettext_lazy("How many are missing; empty when none"), "2", True),
            Variable("percent", gettext_lazy("The share that is done, in percent"), "80"),
            _DUE,
        ),
        source=_threshold,
        button=gettext_lazy("See who is missing"),
        blocks=(FACTS,),
        facts=(
            (gettext_lazy("Account"), "Northwind Dental"),
            (gettext_lazy("Done"), "80 %"),
            (gettext_lazy("Missing"), gettext_lazy("2 people")),
        ),
    ),
)


def _clarification() -> tuple[str, str]:
    asked = _("%(who)s of %(organization)s has a question about one of the answers in “%(run)s” for %(account)s.")
    replied = _("%(who)s replied to a question about an answer in “%(run)s” for %(account)s.")
    subject_asked = _("%(organization)s has a question about your answer in “%(run)s”") % _NAMES
    subject_replied = _("%(who)s replied about “%(run)s”") % _NAMES
    return f"{{% if is_reply %}}{subject_replied}{{% else %}}{subject_asked}{{% endif %}}", _body(
        "# {{ run }}",
        _hello(),
        f"{{% if is_reply %}}{replied % _NAMES}{{% else %}}{asked % _NAMES}{{% endif %}}",
        "{{ facts }}",
        "{{ message }}",
        "{{ button }}",
        f"{{% unless is_reply %}}{_('You can change that one answer when you reply.')}{{% endunless %}}",
    )


mailing.describe(
    "assessments.clarification",
    Wording(
        label=gettext_lazy("A question about an answer, and the reply"),
        note=gettext_lazy("To who answered, when you ask back; and to who asked, when they reply."),
        variables=(
            Variable("who", gettext_lazy("Who asks, or replies"), "Sam Okafor"),
            _RUN,
            _ACCOUNT,
            Variable(
                "question", gettext_lazy("The question it is about"), gettext_lazy("How often do you test a restore?")
            ),
            Variable("is_reply", gettext_lazy("Whether this is a reply"), False),
        ),
        source=_clarification,
        button=gettext_lazy("Reply"),
        blocks=(FACTS, MESSAGE),
        facts=((gettext_lazy("The question was"), gettext_lazy("How often do you test a restore?")),),
        message=gettext_lazy("Does this hold for the branch in Leeds as well?"),
    ),
)


def _released() -> tuple[str, str]:
    return _("The results of “%(run)s” are ready") % _NAMES, _body(
        "# {{ run }}",
        _hello(),
        _("%(organization)s has released the results of “%(run)s” for %(account)s.") % _NAMES,
        "{{ facts }}",
        "{{ button }}",
    )


mailing.describe(
    "assessments.released",
    Wording(
        label=gettext_lazy("Results are ready"),
        note=gettext_lazy("To the clients of the account who may see results, when they are released."),
        variables=(
            _RUN,
            _ACCOUNT,
            Variable("released_at", gettext_lazy("When"), "November 21, 2026, 3:02 PM"),
        ),
        source=_released,
        button=gettext_lazy("See the results"),
        blocks=(FACTS,),
        facts=(
            (gettext_lazy("Company"), "Northwind Dental"),
            (gettext_lazy("Released"), "November 21, 2026, 3:02 PM"),
        ),
    ),
)
