"""A submission beside an existing account: where they differ, and what could be taken over."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.mail import mailing
from accounts.models import Account, Contact, IntakeSubmission, Site
from accounts.viewer import Viewer

from . import answering, catalog
from .answering import shown
from .catalog import Entry

OF_CONTACT = ("contact.name", "contact.phone", "contact.job_title")


@dataclass(frozen=True)
class Difference:
    """One fact that was sent and is another one, or none, in the account or its contact."""

    key: str
    label: str
    now: str
    sent: str

    @property
    def fills(self) -> bool:
        """This will say whether nothing stands there yet."""
        return not self.now


@dataclass(frozen=True)
class Plan:
    """What merging could do. `contact` is the account's own contact with the email that was sent, if it has one; `sites`
    the names of sites the account does not have; `seen` tells whether the account is still as it was shown."""

    account: Account
    facts: list[Difference]
    contact: Contact | None
    contact_facts: list[Difference]
    sites: list[str]
    seen: str

    @property
    def keys(self) -> set[str]:
        """This will be what may be taken."""
        return {difference.key for difference in (*self.facts, *self.contact_facts)}


def plan(viewer: Viewer, submission: IntakeSubmission, account: Account, known: Mapping[str, Entry]) -> Plan:
    """This will lay a submission beside an account of the viewer's."""
    values = submission.values
    email = str(values.get(catalog.CONTACT_EMAIL, ""))
    contacts = Contact.objects.visible_to(viewer).current().filter(account=account, email__iexact=email)
    contact = contacts.order_by("created_at").first()
    facts = list(_differences(viewer, known, values, "account", account))
    of_contact = list(_differences(viewer, known, values, "contact", contact)) if contact else []
    names = set(Site.objects.visible_to(viewer).filter(account=account).values_list("name", flat=True))
    folded = {name.casefold() for name in names}
    sites = [name for name in site_names(values) if name.casefold() not in folded]
    return Plan(account, facts, contact, of_contact, sites, _seen([*facts, *of_contact], sorted(names)))


def site_names(values: Mapping[str, Any]) -> list[str]:
    """This will list the sites that were named, the main one first, each once."""
    named = [str(answering.main_site(values).get("name", "")), *map(str, values.get(catalog.SITES, ()))]
    return list(dict.fromkeys(name for one in named if (name := mailing.one_line(one))))


def _differences(
    viewer: Viewer, known: Mapping[str, Entry], values: Mapping[str, Any], about: str, row: Any
) -> Iterable[Difference]:
    for entry in known.values():
        if entry.about != about or entry.key == catalog.CONTACT_EMAIL:
            continue
        for key in entry.values:
            if key not in values:
                continue
            now, sent = _value_of(row, key), values[key]
            if now != sent:
                asked = catalog.Asked(entry, False)
                organization = viewer.organization
                before = shown(entry, key, now, organization) if now not in (None, "", []) else ""
                after = shown(entry, key, sent, organization)
                if before != after:
                    yield Difference(key, answering.label_of(asked, key), before, after)


def _value_of(row: Any, key: str) -> Any:
    if key.startswith("custom:"):
        return row.custom.get(key.rpartition(":")[2])
    return getattr(row, key.rpartition(".")[2])


def _seen(differences: Iterable[Difference], names: list[str]) -> str:
    told = json.dumps([[difference.key, difference.now] for difference in differences] + [names])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
