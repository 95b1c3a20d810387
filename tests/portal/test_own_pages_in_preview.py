"""A preview is no place one comes from: one's own pages stand outside it."""

from django.urls import reverse

from tests import cast


def test_after_a_preview_ones_own_pages_are_still_those_of_staff(fresh_database: str):
    sam, north = cast.visitor("sam"), cast.account("Northwind").pk
    assert sam.post(reverse("staff:preview", args=[north]), {"viewpoint": "client"}).status_code == 303
    assert sam.get(f"/preview/client/portal/{north}/").status_code == 200
    page = sam.get(reverse("profile")).content.decode()
    assert "shell-staff" in page and "shell-client" not in page
