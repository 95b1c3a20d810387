"""An access review in a preview: read, never confirmed, and nobody was there."""

from django.urls import reverse

from accounts.actions import previews
from accounts.models import Membership
from tests import cast


def at_client(name: str = "access_review") -> str:
    return reverse(f"client:{name}", args=[cast.account("Northwind").id])


def test_nobody_for_a_client_they_preview(fresh_database):
    with cast.inside():
        previews.start(by=cast.viewer("sam", "Northwind"), viewpoint="company-admin")
    visitor = cast.visitor("sam")
    assert visitor.get(f"/preview/company-admin{at_client()}").status_code == 200
    assert visitor.post(f"/preview/company-admin{at_client('access_review_confirmation')}").status_code == 403


def test_being_there_is_noted_and_a_preview_is_not(fresh_database):
    with cast.inside():
        previews.start(by=cast.viewer("sam", "Northwind"), viewpoint="company-admin")
    cast.visitor("sam").get(f"/preview/company-admin{at_client()}")
    with cast.inside():
        assert Membership.objects.get(user=cast.person("sam"), account=cast.account("Northwind")).last_seen_at is None
    cast.visitor("priya").get(at_client())
    with cast.inside():
        assert Membership.objects.get(user=cast.person("priya")).last_seen_at is not None
