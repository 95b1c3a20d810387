"""Which accounts a submission may belong to already: by name, by web address, by email."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Account, Contact, Membership
from accounts.viewer import Viewer

MOST = 5

# Legal forms say nothing about which company it is.
_LEGAL = frozenset(
    [
        "inc",
        "incorporated",
        "llc",
        "llp",
        "lp",
        "ltd",
        "limited",
        "plc",
        "corp",
        "corporation",
        "co",
        "company",
        "gmbh",
        "ag",
        "kg",
        "ohg",
        "ug",
        "mbh",
        "se",
        "sa",
        "sas",
        "sarl",
        "srl",
        "spa",
        "bv",
        "nv",
        "ab",
        "as",
        "asa",
        "oy",
        "oyj",
        "aps",
        "pty",
        "pte",
        "pvt",
        "kk",
        "sl",
        "slu",
        "lda",
        "cv",
        "group",
        "holding",
        "holdings",
        "the",
        "and",
        "und",
        "et",
    ]
)
# Addresses there tell of a person, never of a company.
PUBLIC_MAIL = frozenset(
    ["gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "live.com", "msn.com", "yahoo.com", "yahoo.co.uk", "yahoo.de", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "mail.com", "mail.ru", "yandex.ru", "yandex.com", "proton.me", "protonmail.com", "pm.me", "zoho.com", "fastmail.com", "hey.com", "tutanota.com", "posteo.de", "mailbox.org", "qq.com", "163.com", "126.com", "sina.com", "naver.com", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "cox.net", "bellsouth.net", "orange.fr", "free.fr", "laposte.net", "wanadoo.fr", "libero.it", "btinternet.com", "sky.com", "bluewin.ch"]
)  # fmt: skip


@dataclass(frozen=True)
class Match:
    """An account that may be the same company, and why it is thought so, the strongest reason first."""

    account: Account
    reasons: list[str] = field(default_factory=list)
    weight: int = 0


def plain_name(name: str) -> str:
    """This will reduce a company's name to what tells it from others: no accents, no legal form, no punctuation."""
    text = "".join(
        character for character in unicodedata.normalize("NFKD", name) if not unicodedata.combining(character)
    )
    # "B.V." and "BV" are one word.
    words = re.sub(r"[^\w\s]", " ", re.sub(r"(?<=\b\w)\.(?=\w\b|\s|$)", "", text.casefold())).split()
    return " ".join(word for word in words if word not in _LEGAL) or " ".join(words)


def domain_of(address: str) -> str:
    """This will return the domain of a web address without www., or of an email; "" when there is none."""
    if "@" in address:
        return address.rpartition("@")[2].strip().rstrip(".").lower()
    try:
        host = urlsplit(address if "://" in address else f"https://{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".").lower()


def found(viewer: Viewer, values: Mapping[str, Any]) -> list[Match]:
    """This will list the accounts a submission may be about, the likeliest first: four queries, whatever their number."""
    name = plain_name(str(values.get("account.name", "")))
    email = str(values.get("contact.email", "")).strip().lower()
    domains = {domain_of(str(values.get("account.website", ""))), domain_of(email)} - {""}
    domains = {domain for domain in domains if domain not in PUBLIC_MAIL}
    reasons: dict[Any, list[tuple[int, str]]] = {}
    for pk, its_name, website in Account.objects.visible_to(viewer).values_list("id", "name", "website"):
        if name and plain_name(its_name) == name:
            reasons.setdefault(pk, []).append((4, _("Same company name")))
        its_domain = domain_of(website) if website else ""
        if its_domain and its_domain in domains:
            reasons.setdefault(pk, []).append((3, _("Same website: %(domain)s") % {"domain": its_domain}))
    for pk, address in _people(viewer, email, domains):
        if address == email:
            reasons.setdefault(pk, []).append((5, _("Same email: %(email)s") % {"email": address}))
        else:
            domain = domain_of(address)
            reasons.setdefault(pk, []).append((2, _("Emails at %(domain)s") % {"domain": domain}))
    best = sorted(reasons, key=lambda pk: (-sum(weight for weight, _why in set(reasons[pk])), str(pk)))[:MOST]
    accounts = Account.objects.visible_to(viewer).in_bulk(best)
    return [
        Match(accounts[pk], _said(reasons[pk]), sum(weight for weight, _why in set(reasons[pk])))
        for pk in best
        if pk in accounts
    ]


def _said(reasons: Iterable[tuple[int, str]]) -> list[str]:
    return [why for _weight, why in sorted(set(reasons), key=lambda reason: (-reason[0], reason[1]))]


def _people(viewer: Viewer, email: str, domains: set[str]) -> set[tuple[Any, str]]:
    """Addresses of contacts and logins that are the same or of the same domain, with the account of each."""
    contacts = Contact.objects.visible_to(viewer).current().filter(_at("email", email, domains))
    logins = Membership.objects.visible_to(viewer).filter(_at("user__email", email, domains), role="client")
    rows = [
        *contacts.values_list("account_id", "email")[:500],
        *logins.values_list("account_id", "user__email")[:500],
    ]
    return {(account, address.lower()) for account, address in rows if account}


def _at(column: str, email: str, domains: set[str]) -> Q:
    wanted = Q(**{f"{column}__iexact": email}) if email else Q(pk=None)
    for domain in domains:
        wanted |= Q(**{f"{column}__iendswith": f"@{domain}"})
    return wanted
