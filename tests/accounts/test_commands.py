from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from accounts.models import AccountGrant, Membership, Organization, OrganizationHost, User
from accounts.roles import PortalRole, Role
from tests import cast

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=out)
    return out.getvalue()


NEW = (
    "create_organization",
    "Lantern",
    "lantern.example",
    "--admin-email",
    "Eva@Lantern.example",
    "--admin-name",
    "Eva Lind",
)


def test_an_organization_is_created_with_an_invited_admin(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        said = run(*NEW, "--brand-color", "#0a7d55", "--time-zone", "Europe/Berlin")
    assert "Created Lantern at lantern.example" in said
    host = OrganizationHost.objects.get(host="lantern.example")
    with cast.tenancy.scope(host.organization_id):
        assert Organization.objects.get(pk=host.organization_id).time_zone == "Europe/Berlin"
        assert Membership.objects.get(user__email="eva@lantern.example").role == Role.ADMIN
    (letter,) = mail.outbox
    assert "https://lantern.example/account/password/reset/key/" in letter.body
    assert "look after the portal of Lantern" in letter.body


def test_a_dry_run_creates_nothing_and_sends_nothing(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert "nothing was changed" in run(*NEW, "--dry-run")
    assert not OrganizationHost.objects.filter(host="lantern.example").exists()
    assert not User.objects.filter(email="eva@lantern.example").exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("create_organization", "X", "harbor.localhost", *NEW[3:]), "already"),
        (("create_organization", "X", "not a host", *NEW[3:]), "not a host name"),
        ((*NEW, "--brand-color", "green"), "valid value"),
        (("create_organization", "X", "x.example", "--admin-email", "nobody", "--admin-name", "N"), "valid email"),
    ],
)
def test_an_organization_that_cannot_be_is_refused_whole(words, why):
    before = OrganizationHost.objects.count()
    with pytest.raises(CommandError, match=why) as refused:
        run(*words)
    assert refused.value.returncode == 1
    assert OrganizationHost.objects.count() == before


INVITE = ("invite_user", "robin@northwind.example", "--organization", "harbor.localhost", "--name", "Robin Vale")


def test_somebody_is_invited_into_an_account(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        said = run(
            *INVITE,
            "--account",
            "Northwind Dental",
            "--portal-role",
            "site_manager",
            "--site",
            "Riverside",
            "--tag",
            "vip",
        )
    assert "robin@northwind.example is Client of Northwind Dental." in said
    with cast.inside():
        member = Membership.objects.get(user__email="robin@northwind.example")
        assert member.portal_roles == [PortalRole.SITE_MANAGER]
        assert [site.name for site in member.sites.all()] == ["Riverside"]
    assert "http://harbor.localhost:8000/account/password/reset/key/" in mail.outbox[0].body


def test_an_invitation_can_be_tried_out(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert "Dry run" in run(*INVITE, "--account", "Northwind Dental", "--dry-run")
    assert not User.objects.filter(email="robin@northwind.example").exists()
    assert mail.outbox == []


def test_an_admin_belongs_to_no_account(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run(*INVITE, "--role", "admin", "--no-mail")
    with cast.inside():
        assert Membership.objects.get(user__email="robin@northwind.example").account is None
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ((), "--account"),
        (("--account", "Nowhere"), "no account called Nowhere"),
        (("--account", "Marigold Foods"), "no account called"),
        (("--account", "Northwind Dental", "--role", "admin"), "leave --account out"),
        (("--account", "Northwind Dental", "--site", "Moon"), "no site called Moon"),
        (("--account", "Northwind Dental", "--portal-role", "site_manager"), "needs at least one site"),
        (("--account", "Northwind Dental", "--role", "emperor"), "invalid choice"),
    ],
)
def test_what_does_not_fit_is_refused(more, why):
    with pytest.raises(CommandError, match=why):
        run(*INVITE, *more)
    assert not User.objects.filter(email="robin@northwind.example").exists()


def test_who_is_in_the_account_already_is_not_added_twice():
    with pytest.raises(CommandError, match="already has a role"):
        run(
            "invite_user",
            cast.EMAILS["priya"],
            "--organization",
            "harbor.localhost",
            "--name",
            "P",
            "--account",
            "Northwind Dental",
        )


def test_an_unknown_organization_is_named():
    with pytest.raises(CommandError, match=r"answers on nowhere\.example"):
        run("check_grants", "--organization", "nowhere.example")


def test_grants_that_agree_are_health():
    assert run("check_grants") == "Grants and memberships agree.\n"


def test_drift_is_listed_and_ends_with_an_error_until_it_is_repaired():
    with cast.inside():
        AccountGrant.objects.filter(user=cast.person("sam"), content_object=cast.account("Northwind")).first().delete()
    out = StringIO()
    with pytest.raises(CommandError, match="1 differences") as drifted:
        call_command("check_grants", "--organization", "harbor.localhost", stdout=out)
    assert drifted.value.returncode == 1
    assert "sam@harbor.example" in out.getvalue()
    assert "missing" in out.getvalue()
    assert "1 differences repaired" in run("check_grants", "--repair")
    assert run("check_grants") == "Grants and memberships agree.\n"
