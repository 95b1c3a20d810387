"""View as Client shows what that client sees: every page of the portal, found by the test itself, through every kind of
eyes, beside that client's own request for the same page."""

import re
from urllib.parse import urlsplit

from django.urls import resolve, reverse

from accounts import viewpoints
from accounts.checks import is_ours, routes
from accounts.models import Site
from tests import cast
from tests.access.test_preview_writes import addresses, start

# Who of Northwind stands for whom: a preview as a role opens what a client who holds just that role opens.
NAMED = ("priya", "marcus", "dora", "felix", "bea")
ROLES = {"company-admin": "priya", "approver": "felix", "billing": "bea", "end-user": "dora", "client": "dora"}

READABLE = {
    name
    for _address, name, view in routes()
    if is_ours(view) and name.startswith("client:") and "GET" in view.rule.methods
}

# What belongs to one person by name. A preview as a role is nobody by name.
PERSONAL = {"client:clarification", "client:edit_assessment", "client:answer_explanation"}
# What is told to a person, and how they want to hear of it, is nobody else's to read: never in a preview.
PRIVATE = {"client:notification", "client:notifications", "client:notification_choices"}

_TAG = re.compile(r"<[^>]+>")
_MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
_HIDDEN = re.compile(r'<(script|template|style)\b.*?</\1>|<div class="preview-bar".*?</div>', re.DOTALL)
_TIMES = re.compile(r"<time\b.*?</time>", re.DOTALL)


def test_every_page_opens_for_the_eyes_it_opens_for_and_shows_them_the_same(fresh_database: str):
    sam = cast.visitor("sam")
    with cast.inside():
        pages = reading(addresses())
        eyes = {f"user-{cast.person(who).pk}": who for who in NAMED} | ROLES
        riverside = Site.objects.get(account=cast.account("Northwind"), name="Riverside")
        eyes[f"site-manager@{riverside.pk}"] = "marcus"
        others = [f"site-manager@{site.pk}" for site in Site.objects.exclude(pk=riverside.pk).filter(
            account=cast.account("Northwind"))]  # fmt: skip
        offered = {choice.key for group in viewpoints.grouped(cast.account("Northwind")) for choice in group.choices}
    assert offered == eyes.keys() | set(others)
    assert {name_of(address) for address in pages} == READABLE, "a page of the portal is not walked"
    differing: list[str] = []
    for key in offered:
        prefix = start(sam, key)
        who = eyes.get(key, "marcus")
        own = cast.visitor(who)
        own.raise_request_exception = sam.raise_request_exception = False
        for address in pages:
            theirs, seen = own.get(address), sam.get(f"{prefix}{address}")
            met = f"{key} at {address}: {who} gets {theirs.status_code}, the preview {seen.status_code}"
            if name_of(address) in PRIVATE:
                differing += [] if seen.status_code == 403 else [met]
            elif key in others and name_of(address) == "client:site":
                differing += [] if seen.status_code == 404 else [met]  # a site that this manager does not oversee
            elif seen.status_code != theirs.status_code:
                is_own = of_nobody(key, address) and seen.status_code in (403, 404)
                differing += [] if is_own else [met]
            elif seen.status_code in (301, 302, 303) and seen["Location"].removeprefix(prefix) != theirs["Location"]:
                differing.append(f"{met}: sent to {seen['Location']}, not {theirs['Location']}")
            elif key.startswith("user-") and theirs.status_code == 200 and is_page(theirs):
                more = (words(seen) - words(theirs) - SWITCHED_OFF) | (links(seen, prefix) - links(theirs, ""))
                differing += [f"{met}: shows {sorted(more)[:8]}"] if more else []
    assert not differing, "\n".join(differing)


def test_an_unknown_pair_of_eyes_never_opens(fresh_database: str):
    sam = cast.visitor("sam")
    with cast.inside():
        home = reverse("client:home", args=[cast.account("Northwind").id])
        carla, cobalt = cast.person("carla").pk, Site.objects.filter(account=cast.account("Cobalt")).first().pk
    for key in (f"user-{carla}", f"site-manager@{cobalt}", "site-manager", "admin", "account-executive"):
        question = reverse("staff:preview", args=[cast.account("Northwind").id])
        assert sam.post(question, {"viewpoint": key}).status_code == 422, key
        assert sam.get(f"/preview/{key}{home}").status_code in (302, 404), key


SWITCHED_OFF = frozenset(
    # What a preview says where something is switched off, and the name of who really looks.
    re.findall(
        r"[\w’'-]+",
        "answers cannot be given or submitted no file added yet "
        "You are viewing this as a client Nothing can be changed here so this is switched off This feature is only "
        "available to client users In preview mode use the Create button in the sidebar to create an assessment for this "
        "account",
    )
)


def reading(found: list[str]) -> list[str]:
    """This will leave out the addresses that only take a POST: test_preview_writes.py knocks at those."""
    return [address for address in dict.fromkeys(found) if name_of(address) in READABLE]


def name_of(address: str) -> str:
    return resolve(urlsplit(address).path).view_name


def of_nobody(key: str, address: str) -> bool:
    """This will say whether a preview as a role asks for what is one person's own: that it never shows."""
    return not key.startswith("user-") and name_of(address) in PERSONAL


def is_page(response) -> bool:
    return response["Content-Type"].startswith("text/html") and not response.streaming


def main_of(response) -> str:
    found = _MAIN.search(response.content.decode())
    return _HIDDEN.sub(" ", found.group(0)) if found else ""


def words(response) -> frozenset[str]:
    """This will return the words of a page's main part, without those about passing time."""
    return frozenset(re.findall(r"[\w’'-]+", _TAG.sub(" ", _TIMES.sub(" ", main_of(response)))))


def links(response, prefix: str) -> set[str]:
    found = re.findall(r'<a\b[^>]*\bhref="([^"#?]*)', main_of(response))
    return {link.removeprefix(prefix) for link in found if link.startswith("/")}
