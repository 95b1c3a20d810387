"""How somebody hears of what: their own choice, for each kind and channel; and what nobody can switch off."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.actions import notifications
from accounts.models import AuditEntry, NotificationChoice
from accounts.notices import notification_kinds
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as organization:
        yield organization


def page_of(name: str) -> str:
    if name in ("priya", "dora"):
        return reverse("client:notification_choices", args=[cast.account("Northwind").pk])
    return reverse("staff:notification_choices")


def test_each_side_is_offered_what_it_is_told():
    clients = cast.visitor("priya").get(page_of("priya")).content.decode()
    assert "Results are ready" in clients and "An assessment is submitted" not in clients
    staff = cast.visitor("sam").get(page_of("sam")).content.decode()
    assert "An assessment is submitted" in staff and "Results are ready" not in staff
    assert "An email of yours could not be written" not in staff
    assert "An email of yours could not be written" in cast.visitor("ada").get(page_of("ada")).content.decode()


def test_a_choice_is_kept_and_only_what_differs_is_written_down():
    visitor = cast.visitor("priya")
    typed = {"assessments.released:mail": "daily", "assessments.released:portal": "now"}
    assert visitor.post(page_of("priya"), typed).status_code == 303
    (row,) = NotificationChoice.objects.all()
    assert (row.user, row.kind, row.channel, row.when) == (
        cast.person("priya"),
        "assessments.released",
        "mail",
        "daily",
    )
    assert '<option value="daily" selected>' in visitor.get(page_of("priya")).content.decode()
    entry = AuditEntry.objects.get(verb="notifications.chosen")
    assert entry.details["changes"] == {"assessments.released mail": ["now", "daily"]}
    visitor.post(page_of("priya"), typed | {"assessments.released:mail": "now"})
    assert not NotificationChoice.objects.exists()


def test_what_is_no_choice_changes_nothing():
    visitor = cast.visitor("priya")
    for typed in (
        {"assessments.invitation:mail": "never"},  # always
        {"assessments.submitted:mail": "never"},  # staff's
        {"assessments.released:mail": "hourly"},
        {"assessments.released:sms": "never"},
        {"no.such:mail": "never"},
        {"mail": "never"},
        {},
    ):
        assert visitor.post(page_of("priya"), typed).status_code == 303
    assert (
        not NotificationChoice.objects.exists() and not AuditEntry.objects.filter(verb="notifications.chosen").exists()
    )


def test_what_cannot_be_switched_off_is_shown_as_such():
    html = cast.visitor("priya").get(page_of("priya")).content.decode()
    assert 'name="assessments.invitation:mail"' not in html and 'name="assessments.invitation:portal"' in html
    assert "Your password and how you sign in" in html and html.count("Always") == 3
    kind = notification_kinds.kind_named("assessments.invitation")
    assert kind.when("mail", {(kind.name, "mail"): "never"}) == "now"


def test_a_mail_s_link_leads_everybody_to_their_own_side():
    for name in ("ada", "sam", "theo"):
        assert cast.visitor(name).get(reverse("notification_choices"))["Location"] == page_of(name)
    assert cast.visitor("priya").get(reverse("notification_choices"))["Location"] == page_of("priya")
    assert cast.visitor("amara", at="harbor").get(reverse("notifications"))["Location"] == reverse("home")


def test_nobody_chooses_for_somebody_else():
    with pytest.raises(PermissionDenied):
        notifications.choose(by=cast.system(), choices={})
