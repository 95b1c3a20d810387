"""The company's pages in a preview: what that viewpoint sees, and no person's own sites behind a role."""

from django.test import Client
from django.urls import reverse

from accounts.models import Account, Site
from tests import cast

PAGES = ("company", "sites", "colleagues")


def looking(account: Account, viewpoint: str) -> tuple[Client, str]:
    """This will start a preview as Sam: the browser, and what stands before every address."""
    visitor = cast.visitor("sam")
    answer = visitor.post(reverse("staff:preview", args=[account.id]), {"viewpoint": viewpoint})
    assert answer.status_code == 303, answer.content
    return visitor, f"/preview/{viewpoint}"


def test_in_a_preview_a_role_sees_what_the_role_sees(fresh_database: str):
    with cast.inside():
        northwind = cast.account("Northwind")
    for viewpoint, status in (("company-admin", 200), ("client", 404), ("end-user", 404)):
        visitor, prefix = looking(northwind, viewpoint)
        for name in PAGES:
            answer = visitor.get(prefix + reverse(f"client:{name}", args=[northwind.id]))
            assert answer.status_code == status, (viewpoint, name)


def test_in_a_preview_a_site_manager_sees_the_site_named_and_a_person_the_own(fresh_database: str):
    with cast.inside():
        northwind = cast.account("Northwind")
        view, riverside = (Site.objects.get(account=northwind, name=name) for name in ("Harbor View", "Riverside"))
    sites = reverse("client:sites", args=[northwind.id])
    visitor, prefix = looking(northwind, f"site-manager@{view.id}")
    page = visitor.get(prefix + sites).content.decode()
    table = page[page.index('id="rows"') :]
    assert "Harbor View" in table and "Riverside" not in table
    assert visitor.get(prefix + reverse("client:site", args=[northwind.id, riverside.id])).status_code == 404
    visitor, prefix = looking(northwind, f"user-{cast.person('marcus').id}")
    page = visitor.get(prefix + sites).content.decode()
    table = page[page.index('id="rows"') :]
    assert "Riverside" in table and "Harbor View" not in table
