import pytest

from accounts import addresses
from accounts.models import OrganizationHost
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor():
    with cast.inside() as organization:
        yield organization


def test_the_usual_address_is_the_first_host_by_the_usual_scheme_and_port(harbor, settings):
    OrganizationHost.objects.create(organization=harbor, host="portal.harbor.example")
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""
    assert addresses.origin_of(harbor) == "https://harbor.localhost"
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "http", "8103"
    assert addresses.origin_of(harbor) == "http://harbor.localhost:8103"


@pytest.mark.parametrize(
    ("wished", "expected"),
    [
        ("http://harbor.localhost:8123", "http://harbor.localhost:8123"),
        ("https://HARBOR.localhost/", "https://harbor.localhost"),
        ("https://harbor.localhost/elsewhere?x=1#y", "https://harbor.localhost"),
        ("https://user:pass@harbor.localhost", "https://harbor.localhost"),
        ("https://evil.example", ""),
        ("https://harbor.localhost.evil.example", ""),
        ("https://sunny.localhost", ""),
        ("javascript://harbor.localhost/%0aalert(1)", ""),
        ("//harbor.localhost", ""),
        ("https://harbor.localhost:99999", ""),
        ("https://[", ""),
        ("nonsense", ""),
    ],
)
def test_a_wished_address_is_kept_only_when_it_is_the_organization_s_own(harbor, wished, expected):
    assert addresses.origin_of(harbor, wished) == (expected or "http://harbor.localhost")


def test_an_organization_without_a_host_has_no_address(harbor):
    OrganizationHost.objects.filter(organization=harbor).delete()
    assert addresses.origin_of(harbor) == ""
