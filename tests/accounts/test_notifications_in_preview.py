"""Whoever looks through a client's eyes is told nothing: not their things, not one's own."""

from accounts.models import Notification
from accounts.notices import notifications
from tests import cast
from tests.access.test_preview_writes import start


def test_a_preview_has_no_bell_and_shows_nobody_s_notifications(fresh_database: str):
    with cast.inside():
        account = cast.account("Northwind")
        people = [cast.person("priya"), cast.person("ada")]
        notifications.tell(
            by=cast.system(), kind="assessments.released", users=people, key="one", account=account, path="/"
        )
        assert Notification.objects.count() == 2
    ada = cast.visitor("ada")
    prefix = start(ada, "company-admin")
    home = ada.get(f"{prefix}/portal/{account.pk}/")
    assert home.status_code == 200 and "/notifications/" not in home.content.decode()
    for page in ("", "choices/"):
        assert ada.get(f"{prefix}/portal/{account.pk}/notifications/{page}").status_code == 403
