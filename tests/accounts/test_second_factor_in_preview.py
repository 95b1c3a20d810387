"""Whoever has to have a second factor has to have it for View as Client too."""

from django.urls import reverse

from tests import cast
from tests.access.test_preview_writes import start
from tests.accounts.test_profile import set_up, signed_in


def test_a_preview_asks_for_it_too(settings, fresh_database: str):
    visitor, _answer = signed_in("sam")
    prefix = start(visitor, "client")
    home = reverse("client:home", args=[cast.account("Northwind").pk])
    assert visitor.get(f"{prefix}{home}").status_code == 200
    settings.STAFF_SECOND_FACTOR = True
    assert visitor.get(f"{prefix}{home}")["Location"] == reverse("mfa_index")
    part = visitor.get(f"{prefix}{home}", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, reverse("mfa_index"))
    set_up(visitor)
    assert visitor.get(f"{prefix}{home}").status_code == 200
