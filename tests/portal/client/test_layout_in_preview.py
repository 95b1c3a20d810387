"""Home in an order nobody saved: in a preview, in a frame, and it changes nothing."""

from accounts.models import AuditEntry, DashboardLayout
from tests import cast
from tests.portal.client import stage
from tests.portal.client.test_dashboard_layout import shown


def test_a_layout_nobody_saved_is_shown_in_a_preview_alone(fresh_database: str):
    sam = cast.visitor("sam")
    with cast.inside("harbor"):
        northwind = cast.account("Northwind")
    address = f"/portal/{northwind.id}/?layout=people+-score+next_step"
    assert sam.get(address).status_code == 302  # asked to start a preview
    assert sam.post(f"/staff/accounts/{northwind.id}/preview/", {"viewpoint": "company-admin"}).status_code == 303
    with cast.inside("harbor"):
        before = AuditEntry.objects.count()
    response = sam.get(f"/preview/company-admin{address}")
    assert response.status_code == 200
    assert shown(stage.text_of(response))[:2] == ["people", "next_step"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    with cast.inside("harbor"):
        assert DashboardLayout.objects.count() == 0
        assert AuditEntry.objects.count() == before
    assert sam.post(f"/preview/company-admin{address}").status_code == 403
    # Of another account, which this preview is not of.
    with cast.inside("harbor"):
        cobalt = cast.account("Cobalt")
    assert sam.get(f"/preview/company-admin/portal/{cobalt.id}/?layout=people").status_code == 404
