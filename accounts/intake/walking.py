"""Walking through an intake form step by step: what was typed on the other steps comes along in the page itself.

Nothing is kept anywhere until the form is sent, so going back, a mistake or a limit loses nothing. What comes along is
checked again when it is sent; only the opening of the form is sealed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.http import QueryDict

from accounts.models import IntakeForm, Organization

from . import catalog, guards
from .answering import CONSENT, AnswerForm, name_of

TRAP, SEAL, STEP, GO, CONSENT_READ = "leave_empty", "opening", "step", "go", "consent_version"


@dataclass(frozen=True)
class Block:
    """One thing that is asked as it is drawn: a field, or several under one legend."""

    fields: list[BoundField]
    legend: str = ""
    help: str = ""


@dataclass(frozen=True)
class Walk:
    """A form on one of its steps. `carried` are the values of the other steps; `wants_sending` when all is right and the
    visitor asked to send it."""

    form: IntakeForm
    pages: list[catalog.Page]
    fields: AnswerForm
    number: int
    opened: guards.Opening
    carried: list[tuple[str, str]]
    trap: str = ""
    wants_sending: bool = False
    is_reopened: bool = False
    has_other_consent: bool = False

    @property
    def has_mistakes(self) -> bool:
        """This will say whether something on this step has to be put right."""
        return bool(self.fields.errors) or self.is_reopened or self.has_other_consent

    @property
    def is_last(self) -> bool:
        """This will say whether this step is the one that sends."""
        return self.number == len(self.pages) - 1

    def blocks(self) -> Iterator[Block]:
        """This will yield what this step asks, in its order."""
        for asked in self.pages[self.number].fields:
            fields = [self.fields[name_of(key)] for key in asked.entry.values]
            if len(fields) == 1:
                yield Block(fields)
            else:
                yield Block(fields, asked.shown_label, asked.shown_help)

    def context(self) -> dict[str, Any]:
        """This will return what templates/accounts/intake/form.html shows."""
        return {
            "form": self.fields,
            "intake_form": self.form,
            "walk": self,
            "page": self.pages[self.number],
            "blocks": list(self.blocks()),
            "consent": self.fields[CONSENT] if self.is_last and self.fields.consent else None,
            "steps": [(number, page.title, number == self.number) for number, page in enumerate(self.pages)],
            "seal": guards.sealed(self.form, self.opened),
            "has_errors": self.has_mistakes,
        }


def begin(form: IntakeForm) -> Walk:
    """This will open a form at its first step."""
    pages, fields = _drawn(form, None)
    return Walk(form, pages, fields, 0, guards.opening(), [])


def step(form: IntakeForm, sent: QueryDict) -> Walk:
    """This will read a step as it was sent and take the next one its button asks for: on, back, or sending all."""
    pages, fields = _drawn(form, sent)
    number = _number(sent.get(STEP, ""), len(pages))
    opened = guards.unsealed(form, sent.get(SEAL, ""))
    go = sent.get(GO, "next")
    wants_sending, has_other_consent = False, False
    if go == "back":
        number, quiet = max(0, number - 1), True
    elif number < len(pages) - 1 and go != "send":
        quiet = fields.is_right_on(number)
        number += quiet
    else:
        wrong = fields.first_wrong()
        has_other_consent = bool(form.consent_text) and sent.get(CONSENT_READ) != str(form.consent_version)
        quiet = wrong is None
        number = len(pages) - 1 if wrong is None else wrong
        wants_sending = quiet and not has_other_consent and opened is not None
    if quiet:
        fields.errors.clear()
    else:
        fields.narrowed(number)
    return Walk(
        form, pages, fields, number, opened or guards.opening(), _carried(fields, number, sent),
        trap=sent.get(TRAP, "")[:200], wants_sending=wants_sending,
        is_reopened=opened is None and go != "back", has_other_consent=has_other_consent,
    )  # fmt: skip


def _drawn(form: IntakeForm, data: QueryDict | None) -> tuple[list[catalog.Page], AnswerForm]:
    pages = catalog.pages_of(form, catalog.entries(form.organization))
    fields = AnswerForm(data, organization=form.organization, pages=pages, consent=form.consent_text)
    return pages, fields


def _number(text: str, count: int) -> int:
    return min(int(text), count - 1) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _carried(fields: AnswerForm, number: int, sent: QueryDict) -> list[tuple[str, str]]:
    here = set(fields.names_of(number))
    # The consent is given anew each time its step is shown: it stands under what is sent then.
    others = [name for name in fields.fields if name not in here and name != CONSENT]
    return [(name, value) for name in others for value in sent.getlist(name)]


def read_consent(form: IntakeForm, given: Mapping[str, Any]) -> tuple[int, str] | None:
    """This will return the number and words of the consent that was given, None for a form that asks for none."""
    return (form.consent_version, form.consent_text) if form.consent_text and given.get(CONSENT) else None


def form_at(organization: Organization, slug: str) -> IntakeForm | None:
    """This will return the form at an address, the default one without; None for one that was never open, which is
    nobody's business yet."""
    wanted: dict[str, Any] = {"slug": slug} if slug else {"is_default": True}
    form = IntakeForm.objects.filter(organization=organization, **wanted).select_related("organization").first()
    return form if form and (form.is_open or form.submissions.exists()) else None
