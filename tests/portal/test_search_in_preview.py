"""In a preview one finds what that client finds, and nothing of one's own; who came by a link does not search at all."""

import pytest

from accounts.models import AuditEntry
from tests import cast
from tests.portal.test_search import names


def search(who: str, prefix: str, account, words: str) -> set[str]:
    response = cast.visitor(who).get(f"{prefix}/portal/{account.id}/search/", {"q": words})
    assert response.status_code == 200
    return names(response)


@pytest.mark.parametrize(
    ("viewpoint", "words", "expected"),
    [
        ("company-admin", "priya", {"Priya Nair"}),
        ("end-user", "priya", set()),
        ("client", "priya", set()),
        ("company-admin", "cobalt", set()),
        ("company-admin", "carla", set()),
    ],
)
def test_a_preview_finds_what_that_client_finds(fresh_database: str, viewpoint: str, words: str, expected: set[str]):
    sam = cast.visitor("sam")
    with cast.inside():
        northwind = cast.account("Northwind")
    assert sam.post(f"/staff/accounts/{northwind.id}/preview/", {"viewpoint": viewpoint}).status_code == 303
    with cast.inside():
        before = AuditEntry.objects.count()
    response = sam.get(f"/preview/{viewpoint}/portal/{northwind.id}/search/", {"q": words})
    assert names(response) == expected
    for word in ("Juniper", "Cobalt"):
        assert word not in response.content.decode()
    with cast.inside():
        assert AuditEntry.objects.count() == before


def test_a_named_clients_preview_finds_the_same_as_the_client(fresh_database: str):
    sam = cast.visitor("sam")
    with cast.inside():
        northwind, marcus = cast.account("Northwind"), cast.person("marcus")
    key = f"user-{marcus.id}"
    sam.post(f"/staff/accounts/{northwind.id}/preview/", {"viewpoint": key})
    for words in ("re", "site", "north", "ma", "st"):
        previewed = names(sam.get(f"/preview/{key}/portal/{northwind.id}/search/", {"q": words}))
        assert previewed == search("marcus", "", northwind, words), words
