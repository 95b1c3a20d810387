"""What an intake form can ask, and a form's pages as they are stored: [{"title", "fields": [{"key", "required", …}]}].

A key of the catalog is one row of the editor. It may take several values: an address is four of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.fields import custom_data
from accounts.models import CustomField, IntakeForm, Organization

NAME, CONTACT_NAME, CONTACT_EMAIL = "account.name", "contact.name", "contact.email"
# Without these there is nothing to decide about: every form asks them, and they are required.
ALWAYS = (NAME, CONTACT_NAME, CONTACT_EMAIL)
SITES, MESSAGE = "sites", "message"

MOST_PAGES, MOST_FIELDS = 12, 80
LONGEST_TITLE, LONGEST_LABEL, LONGEST_HELP = 120, 160, 300


@dataclass(frozen=True)
class Entry:
    """One thing a form can ask. `values` are the keys its answers are stored under; `about` says whose fact it is."""

    key: str
    label: str
    about: str
    help: str = ""
    values: tuple[str, ...] = ()
    custom: custom_data.Field | None = None

    @property
    def is_always(self) -> bool:
        """This will say whether every form asks it."""
        return self.key in ALWAYS


@dataclass(frozen=True)
class Asked:
    """One thing a form does ask, in its own words where it has some."""

    entry: Entry
    is_required: bool
    label: str = ""
    help: str = ""

    @property
    def key(self) -> str:
        """This will be its key in the catalog."""
        return self.entry.key

    @property
    def shown_label(self) -> str:
        """This will be what the form calls it."""
        return self.label or self.entry.label

    @property
    def shown_help(self) -> str:
        """This will be the line under its name."""
        return self.help or self.entry.help


@dataclass(frozen=True)
class Page:
    """One step of a form."""

    title: str
    fields: tuple[Asked, ...] = field(default=())


def groups() -> dict[str, str]:
    """This will name what the catalog's entries are about, in the order of the editor."""
    return {
        "account": _("Company"),
        "contact": _("Contact"),
        "site": _("Main site"),
        "more": _("More"),
    }


def entries(organization: Organization) -> dict[str, Entry]:
    """This will return all that a form of the organization can ask, by key: three queries, for the custom fields."""
    found = {entry.key: entry for entry in _own()}
    for on in (CustomField.On.ACCOUNT, CustomField.On.CONTACT, CustomField.On.SITE):
        for custom in custom_data.fields_of(organization, on):
            key = f"custom:{on.value}:{custom.key}"
            found[key] = Entry(key, custom.label, on.value, custom.help_text, (key,), custom)
    return found


def _own() -> Iterator[Entry]:
    yield Entry(NAME, _("Company"), "account", values=(NAME,))
    yield Entry("account.industry", _("Industry"), "account", values=("account.industry",))
    yield Entry("account.employees", _("People"), "account", _("How many people work there."), ("account.employees",))
    yield Entry("account.website", _("Website"), "account", values=("account.website",))
    yield Entry("account.phone", _("Phone of the company"), "account", values=("account.phone",))
    yield Entry("account.address", _("Address"), "account", values=_address("account"))
    yield Entry(CONTACT_NAME, _("Your name"), "contact", values=(CONTACT_NAME,))
    yield Entry(CONTACT_EMAIL, _("Your email"), "contact", values=(CONTACT_EMAIL,))
    yield Entry("contact.phone", _("Your phone"), "contact", values=("contact.phone",))
    yield Entry("contact.job_title", _("Your job title"), "contact", values=("contact.job_title",))
    yield Entry("site.name", _("Name of the main site"), "site", values=("site.name",))
    yield Entry("site.address", _("Address of the main site"), "site", values=_address("site"))
    yield Entry("site.phone", _("Phone of the main site"), "site", values=("site.phone",))
    yield Entry(SITES, _("Sites"), "site", _("One location in each line."), (SITES,))
    yield Entry(MESSAGE, _("Message"), "more", _("What you would like help with."), (MESSAGE,))


def _address(about: str) -> tuple[str, ...]:
    return tuple(f"{about}.{part}" for part in ("street", "postal_code", "city", "country"))


def pages_of(form: IntakeForm, known: Mapping[str, Entry]) -> list[Page]:
    """This will read a form's pages. What the catalog does not know any more, such as an archived custom field, is left
    out; what every form asks and this one lost stands on its last page; a page without fields is none."""
    pages = [
        Page(str(raw.get("title", "")), tuple(_asked(raw.get("fields", ()), known)))
        for raw in form.pages
    ]  # fmt: skip
    there = {asked.key for page in pages for asked in page.fields}
    lost = tuple(Asked(known[key], True) for key in ALWAYS if key not in there)
    if lost:
        last = pages.pop() if pages else Page("")
        pages.append(replace(last, fields=(*last.fields, *lost)))
    return [page for page in pages if page.fields]


def _asked(fields: Iterable[Mapping[str, Any]], known: Mapping[str, Entry]) -> Iterator[Asked]:
    for raw in fields:
        entry = known.get(str(raw.get("key", "")))
        if entry is not None:
            yield Asked(
                entry,
                entry.is_always or bool(raw.get("required")),
                str(raw.get("label", "")),
                str(raw.get("help", "")),
            )


def stored(pages: Iterable[Page]) -> list[dict[str, Any]]:
    """This will write pages as they are stored: words of its own only where the form has some."""
    return [{"title": page.title, "fields": [_field(asked) for asked in page.fields]} for page in pages]


def _field(asked: Asked) -> dict[str, Any]:
    said: dict[str, Any] = {"key": asked.key, "required": asked.is_required}
    if asked.label:
        said["label"] = asked.label
    if asked.help:
        said["help"] = asked.help
    return said


def first_pages(known: Mapping[str, Entry]) -> list[Page]:
    """This will return what a new form asks: two short steps."""
    company = ("account.name", "account.industry", "account.employees", "account.website")
    person = ("contact.name", "contact.email", "contact.phone", "contact.job_title", "message")
    return [
        Page(_("Your company"), tuple(Asked(known[key], known[key].is_always) for key in company)),
        Page(_("You"), tuple(Asked(known[key], known[key].is_always) for key in person)),
    ]


def all_pages(known: Mapping[str, Entry]) -> list[Page]:
    """This will return everything the catalog knows of company, contact and site, in the words of whoever decides."""
    named = groups()
    plain = {
        CONTACT_NAME: _("Name"), CONTACT_EMAIL: _("Email"), "contact.phone": _("Phone"),
        "contact.job_title": _("Job title"),
    }  # fmt: skip
    return [
        Page(
            named[about],
            tuple(
                Asked(entry, entry.is_always, plain.get(entry.key, ""))
                for entry in known.values()
                if entry.about == about
            ),
        )
        for about in ("account", "contact", "site")
    ]
