"""The editor of an intake form: its facts, and its steps with their fields as they are typed.

The page is one form. Its buttons change what is typed; nothing is stored before it is saved, and nothing typed is lost
when it cannot be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import intake
from accounts.intake import catalog
from accounts.intake.catalog import Asked, Entry, Page
from accounts.mail import mailing
from accounts.models import IntakeForm
from accounts.viewer import Viewer

from .forms import ActionForm


class NameForm(ActionForm):
    """What a new form is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("Its heading, such as “Become a client”. Its address is made of it."),
        error_messages={"required": gettext_lazy("Enter the form’s name.")},
    )

    def clean_name(self) -> str:
        return mailing.one_line(self.cleaned_data["name"])


class FactsForm(ActionForm):
    """What an intake form is called, where it stands, what it says, and what accepting may start."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("The heading of the form: the company that fills it in reads it."),
        error_messages={"required": gettext_lazy("Enter the form’s name.")},
    )
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=60,
        help_text=gettext_lazy("Small letters, digits and hyphens: the end of the form’s web address."),
        error_messages={"required": gettext_lazy("Enter an address such as new-clients.")},
    )
    is_open = forms.BooleanField(
        label=gettext_lazy("Open"),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    intro = forms.CharField(
        label=gettext_lazy("Introduction"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    thanks = forms.CharField(
        label=gettext_lazy("After sending"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    consent_text = forms.CharField(
        label=gettext_lazy("Consent"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Stands beside a checkbox on the last step. Each change is a new version; what somebody agreed to is kept as "
            "they read it. Without a text, nothing is asked."
        ),
    )
    definition = forms.ChoiceField(
        label=gettext_lazy("Accepting may start"),
        required=False,
        help_text=gettext_lazy("Whoever accepts a submission still decides."),
    )

    def __init__(self, *args: Any, viewer: Viewer, form: IntakeForm, **kwargs: Any) -> None:
        initial = {name: getattr(form, name) for name in self.base_fields}
        initial["definition"] = str(form.definition or "")
        super().__init__(*args, **{**kwargs, "initial": initial})
        listed = [("", _("Nothing")), *intake.definitions_for(viewer)]
        chosen = initial["definition"]
        if chosen and chosen not in dict(listed):
            listed.append((chosen, _("A definition that is not published any more")))
        self.fields["definition"].choices = listed  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return mailing.one_line(self.cleaned_data["name"])

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].strip().lower()
        try:
            validate_slug(slug)
        except ValidationError:
            raise ValidationError(_("Use small letters, digits and hyphens only.")) from None
        return slug

    def clean_definition(self) -> str | None:
        return self.cleaned_data["definition"] or None

    def _plain_text(self, name: str) -> str:
        # A browser sends every line break as two characters: the same text must stay the same version.
        return self.cleaned_data[name].replace("\r\n", "\n").strip()

    def clean_intro(self) -> str:
        return self._plain_text("intro")

    def clean_thanks(self) -> str:
        return self._plain_text("thanks")

    def clean_consent_text(self) -> str:
        return self._plain_text("consent_text")


@dataclass(frozen=True)
class TypedField:
    """One field as it is typed; `id` is its own while the page lives."""

    id: str
    entry: Entry
    is_required: bool = False
    label: str = ""
    help: str = ""
    is_new: bool = False


@dataclass(frozen=True)
class TypedPage:
    """One step as it is typed."""

    id: str
    title: str = ""
    fields: tuple[TypedField, ...] = ()


@dataclass(frozen=True)
class Steps:
    """The steps of a form as they are typed, and what is wrong with them: {id of a step: words}."""

    known: Mapping[str, Entry]
    pages: tuple[TypedPage, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def stored(cls, form: IntakeForm, known: Mapping[str, Entry]) -> Self:
        """This will show the steps as they are stored."""
        number = iter(range(10_000))
        pages = tuple(
            TypedPage(
                str(next(number)),
                page.title,
                tuple(
                    TypedField(str(next(number)), asked.entry, asked.is_required, asked.label, asked.help)
                    for asked in page.fields
                ),
            )
            for page in catalog.pages_of(form, known)
        )
        return cls(known, pages)

    @classmethod
    def typed(cls, sent: QueryDict, known: Mapping[str, Entry]) -> Self:
        """This will read the steps as they were sent: in the order in which they stood on the page."""
        pages: list[TypedPage] = []
        used: set[str] = set()
        for entry in sent.getlist("entry")[: catalog.MOST_FIELDS + catalog.MOST_PAGES]:
            kind, _colon, given = entry.partition(":")
            if not (given.isascii() and given.isdigit() and len(given) < 6):
                continue
            if kind == "page":
                title = mailing.one_line(sent.get(f"page-{given}-title", ""))[: catalog.LONGEST_TITLE]
                pages.append(TypedPage(given, title))
                continue
            key = sent.get(f"field-{given}-key", "")
            if key not in known or key in used:
                continue
            used.add(key)
            if not pages:
                pages.append(TypedPage(_free_id([given])))
            asked = TypedField(
                given, known[key], known[key].is_always or f"field-{given}-required" in sent,
                mailing.one_line(sent.get(f"field-{given}-label", ""))[: catalog.LONGEST_LABEL],
                mailing.one_line(sent.get(f"field-{given}-help", ""))[: catalog.LONGEST_HELP],
            )  # fmt: skip
            pages[-1] = replace(pages[-1], fields=(*pages[-1].fields, asked))
        return cls(known, tuple(pages[: catalog.MOST_PAGES]))

    def done(self, doing: str, sent: QueryDict) -> Self:
        """This will do what a button asks: add, move or remove a field or a step. What is no button changes nothing."""
        verb, _colon, given = doing.partition(":")
        if verb == "add":
            return self._with_field(given, sent.get(f"page-{given}-add", ""))
        if verb == "page-add":
            return replace(self, pages=(*self.pages, TypedPage(self._next_id())))
        place = next((number for number, page in enumerate(self.pages) if page.id == given), None)
        if verb in ("page-up", "page-down") and place is not None:
            return replace(self, pages=_moved(self.pages, place, -1 if verb == "page-up" else 1))
        if verb == "page-remove" and place is not None and len(self.pages) > 1:
            return self._without_page(place)
        if verb in ("up", "down", "remove"):
            return self._with_moved(verb, given)
        return self

    def checked(self) -> Self:
        """This will say what is wrong: a step that asks nothing, a form too long, or one that lost what every form asks."""
        errors = {
            page.id: _("This step asks nothing. Add a field or remove the step.")
            for page in self.pages
            if not page.fields
        }
        return replace(self, errors=errors)  # fmt: skip

    def as_pages(self) -> list[Page]:
        """This will return the steps as they are stored."""
        return [
            Page(page.title, tuple(Asked(one.entry, one.is_required, one.label, one.help) for one in page.fields))
            for page in self.pages
        ]

    def addable(self) -> list[tuple[str, list[Entry]]]:
        """This will list what no step asks yet, by what it is about."""
        used = {one.entry.key for page in self.pages for one in page.fields}
        free = [entry for entry in self.known.values() if entry.key not in used]
        return [
            (label, entries)
            for about, label in catalog.groups().items()
            if (entries := [entry for entry in free if entry.about == about])
        ]

    def _with_field(self, page_id: str, key: str) -> Self:
        used = {one.entry.key for page in self.pages for one in page.fields}
        if key not in self.known or key in used or len(used) >= catalog.MOST_FIELDS:
            return self
        entry = self.known[key]
        added = TypedField(self._next_id(), entry, entry.is_always, is_new=True)
        return replace(
            self,
            pages=tuple(
                replace(page, fields=(*page.fields, added)) if page.id == page_id else page for page in self.pages
            ),
        )

    def _without_page(self, place: int) -> Self:
        """What every form asks moves to the step before, or to the one after the first."""
        gone = self.pages[place]
        kept = tuple(one for one in gone.fields if one.entry.is_always)
        pages = [page for page in self.pages if page is not gone]
        to = max(0, place - 1)
        pages[to] = replace(
            pages[to], fields=(*pages[to].fields, *kept) if place else (*kept, *pages[to].fields)
        )  # fmt: skip
        return replace(self, pages=tuple(pages))

    def _with_moved(self, verb: str, given: str) -> Self:
        for place, page in enumerate(self.pages):
            for at, one in enumerate(page.fields):
                if one.id != given:
                    continue
                if verb == "remove":
                    return self if one.entry.is_always else self._put(place, page.fields[:at] + page.fields[at + 1 :])
                step = -1 if verb == "up" else 1
                if 0 <= at + step < len(page.fields):
                    return self._put(place, _moved(page.fields, at, step))
                return self._across(place, at, step)
        return self

    def _across(self, place: int, at: int, step: int) -> Self:
        """Over the edge of a step: to the end of the one before, or the beginning of the next."""
        if not 0 <= place + step < len(self.pages):
            return self
        here, there = self.pages[place], self.pages[place + step]
        one = here.fields[at]
        left = self._put(place, here.fields[:at] + here.fields[at + 1 :])
        return left._put(place + step, (*there.fields, one) if step < 0 else (one, *there.fields))

    def _put(self, place: int, fields: Iterable[TypedField]) -> Self:
        pages = list(self.pages)
        pages[place] = replace(pages[place], fields=tuple(fields))
        return replace(self, pages=tuple(pages))

    def _next_id(self) -> str:
        return _free_id([*(page.id for page in self.pages), *(one.id for page in self.pages for one in page.fields)])


def _free_id(taken: Iterable[str]) -> str:
    return str(max((int(given) for given in taken), default=-1) + 1)


def _moved[Thing](things: tuple[Thing, ...], place: int, step: int) -> tuple[Thing, ...]:
    listed = list(things)
    if 0 <= place + step < len(listed):
        listed[place], listed[place + step] = listed[place + step], listed[place]
    return tuple(listed)
