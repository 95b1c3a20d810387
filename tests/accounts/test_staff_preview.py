"""View as Client: who may look, through whose eyes, for how long, and that nothing changes."""

import datetime

import pytest
from django.db import connections
from django.db.utils import InternalError, ProgrammingError
from django.urls import reverse
from django.utils import timezone

from accounts import previews, tenancy
from accounts.models import AuditEntry, Site
from accounts.staff.preview_views import address_in
from assessments.models import Answer, Assessment
from library.models import LibraryEntry
from tests import cast

HTMX = {"HX-Request": "true"}


def question(account: str = "Northwind") -> str:
    return reverse("staff:preview", args=[cast.account(account).id])


def start(who: str = "sam", viewpoint: str = "client", **more) -> str:
    """This will start a preview and return where the browser is sent."""
    response = cast.visitor(who).post(question(), {"viewpoint": viewpoint, **more})
    assert response.status_code == 303, response.content
    return response["Location"]


def portal(page: str = "home", *more) -> str:
    return reverse(f"client:{page}", args=[cast.account("Northwind").id, *more])


class TestTheQuestion:
    pytestmark = pytest.mark.django_db

    def test_it_offers_roles_sites_and_people(self):
        page = cast.visitor("sam").get(question()).content.decode()
        for words in ("Company Admin", "Site Manager of Riverside", "Priya Nair", "A client without a portal role"):
            assert words in page
        assert "Carla Voss" not in page

    @pytest.mark.parametrize(
        ("who", "status"), [("ada", 200), ("sam", 200), ("lena", 404), ("dana", 403), ("priya", 404), ("amara", 404)]
    )
    def test_who_may_ask(self, who, status):
        address = question()
        assert cast.visitor(who, at="harbor").get(address).status_code == status
        assert cast.visitor(who, at="harbor").post(address, {"viewpoint": "client"}).status_code == {200: 303}.get(
            status, status
        )

    def test_in_the_dialog_it_is_the_dialog_part(self):
        page = cast.visitor("sam").get(question(), headers=HTMX).content.decode()
        assert 'id="dialog"' in page
        assert "<html" not in page

    def test_an_unknown_viewpoint_is_refused_and_writes_nothing(self):
        response = cast.visitor("sam").post(question(), {"viewpoint": "user-00000000-0000-0000-0000-000000000000"})
        assert response.status_code == 422
        with cast.inside():
            assert not AuditEntry.objects.filter(verb=previews.STARTED).exists()

    def test_it_starts_with_one_audit_row_and_the_reason(self):
        assert start(reason="Cannot find the report") == f"/preview/client{portal()}"
        with cast.inside():
            entry = AuditEntry.objects.get(verb=previews.STARTED)
        assert entry.actor == cast.person("sam")
        assert entry.details["reason"] == "Cannot find the report"

    def test_a_links_page_is_where_it_leads(self):
        assert start(next=portal("library") + "?q=x") == f"/preview/client{portal('library')}?q=x"

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/portal/",
            "//evil.example/portal/",
            "/staff/",
            "/portal/",
            "javascript:alert(1)",
            "/\\evil.example",
            "\x00",
        ],
    )
    def test_any_other_address_is_ignored(self, target):
        assert start(next=target) == f"/preview/client{portal()}"

    def test_another_accounts_page_is_ignored(self):
        foreign = reverse("client:library", args=[cast.account("Cobalt").id])
        assert start(next=foreign) == f"/preview/client{portal()}"

    def test_htmx_is_sent_there_too(self):
        response = cast.visitor("sam").post(question(), {"viewpoint": "approver"}, headers=HTMX)
        assert response["HX-Redirect"] == f"/preview/approver{portal()}"

    def test_the_way_back_is_the_tab_one_came_from(self):
        tab = reverse("staff:account_assessments", args=[cast.account("Northwind").id])
        page = cast.visitor("sam").get(question(), headers={"Referer": f"http://harbor.localhost{tab}?view=closed"})
        assert f'name="return_to" value="{tab}?view=closed"' in page.content.decode()
        for foreign in ("http://evil.example/staff/", "http://harbor.localhost/staff/", f"http://sunny.localhost{tab}"):
            page = cast.visitor("sam").get(question(), headers={"Referer": foreign}).content.decode()
            assert 'name="return_to" value=""' in page

    def test_only_pages_of_that_account_count(self):
        north, cobalt = cast.account("Northwind").id, cast.account("Cobalt").id
        tab = reverse("staff:people", args=[north])
        assert address_in("staff", tab, north) == tab
        assert address_in("staff", tab, cobalt) == ""
        assert address_in("client", tab, north) == ""
        assert address_in("staff", reverse("staff:preview", args=[north]), north) == ""


class TestThePreview:
    """Over a database of its own: the preview's login sees only what is committed."""

    @pytest.fixture(autouse=True)
    def _committed(self, fresh_database):
        pass

    def test_the_banner_names_account_and_eyes_and_leads_back(self):
        tab = reverse("staff:people", args=[cast.account("Northwind").id])
        visitor = cast.visitor("sam")
        there = visitor.post(question(), {"viewpoint": f"user-{cast.person('priya').id}", "return_to": tab})["Location"]
        page = visitor.get(there).content.decode()
        assert "preview-bar" in page
        assert "Northwind Dental" in page
        assert "Priya Nair" in page
        assert f'href="{tab}"' in page

    def test_without_a_start_the_address_asks_first(self):
        visitor = cast.visitor("sam")
        response = visitor.get(f"/preview/client{portal('library')}")
        assert response.status_code == 302
        assert response["Location"].startswith(question())
        assert "next=" in response["Location"]
        assert visitor.get(response["Location"]).status_code == 200

    def test_a_clients_link_opened_by_staff_asks_and_leads_there(self):
        visitor = cast.visitor("sam")
        asked = visitor.get(portal("library"))
        assert asked["Location"].startswith(question())
        assert portal("library") in visitor.get(asked["Location"]).content.decode()

    def test_after_31_minutes_it_asks_again(self, monkeypatch):
        visitor = cast.visitor("sam")
        there = visitor.post(question(), {"viewpoint": "client"})["Location"]
        assert visitor.get(there).status_code == 200
        later = timezone.now() + datetime.timedelta(minutes=31)
        monkeypatch.setattr(previews.timezone, "now", lambda: later)
        assert visitor.get(there).status_code == 302

    def test_one_preview_opens_one_pair_of_eyes(self):
        visitor = cast.visitor("sam")
        visitor.post(question(), {"viewpoint": "client"})
        assert visitor.get(f"/preview/client{portal()}").status_code == 200
        assert visitor.get(f"/preview/company-admin{portal()}").status_code == 302
        assert cast.visitor("ada").get(f"/preview/client{portal()}").status_code == 302

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
    def test_every_writing_method_is_refused_and_nothing_changes(self, method):
        visitor = cast.visitor("sam")
        there = visitor.post(question(), {"viewpoint": "company-admin"})["Location"]
        before = everything()
        with cast.inside():
            definition = LibraryEntry.objects.filter(account=cast.account("Northwind")).first().definition_id
        for address in (there, f"/preview/company-admin{portal('launch', definition)}"):
            assert getattr(visitor, method)(address).status_code == 403
        assert everything() == before

    @pytest.mark.parametrize(
        ("who", "status"), [("lena", 404), ("dana", 403), ("priya", 403), ("carla", 404), ("amara", 404)]
    )
    def test_nobody_else_gets_in(self, who, status):
        cast.visitor("sam").post(question(), {"viewpoint": "client"})
        address = f"/preview/client{portal()}"
        assert cast.visitor(who, at="harbor").get(address).status_code == status

    def test_the_login_itself_refuses_to_write(self):
        home = cast.account("Northwind").organization_id
        for write in ("UPDATE accounts_site SET name = 'x'", "DELETE FROM accounts_site", "TRUNCATE accounts_site"):
            with (
                pytest.raises((InternalError, ProgrammingError), match="read-only|permission denied"),
                tenancy.scope(home),
                connections["readonly"].cursor() as cursor,
            ):
                cursor.execute("SET TRANSACTION READ WRITE")
                cursor.execute(write)
        with cast.inside():
            assert not Site.objects.filter(name="x").exists()


def everything() -> dict:
    with cast.inside():
        return {
            model: list(model.objects.order_by("pk").values())
            for model in (AuditEntry, Assessment, Answer, LibraryEntry, Site)
        }
