"""The cast: two organizations, their accounts and the people in them. Demo, tests and README know the same ones."""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from accounts import tenancy
from accounts.actions import accounts, memberships, organizations
from accounts.models import Account, Membership, Organization, OrganizationHost, Site, User
from accounts.roles import PortalRole, Role, Tag
from accounts.viewer import system_viewer

PASSWORD = "lighthouse-demo"  # noqa: S105  (printed by `make run`; never set outside the demo)


@dataclass(frozen=True)
class Person:
    """Somebody of the cast and the hats they wear: (account name or "" for the organization, role, portal roles…)."""

    name: str
    email: str
    hats: tuple["Hat", ...] = ()


@dataclass(frozen=True)
class Hat:
    account: str
    role: str
    portal_roles: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Company:
    name: str
    industry: str
    employees: int
    sites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provider:
    name: str
    host: str
    brand_color: str
    support_email: str
    headline: str
    companies: tuple[Company, ...]
    people: tuple[Person, ...] = field(default=())


def _admin() -> Hat:
    return Hat("", Role.ADMIN)


def _executive(account: str) -> Hat:
    return Hat(account, Role.ACCOUNT_EXECUTIVE)


def _client(account: str, *portal_roles: str, sites: tuple[str, ...] = (), tags: tuple[str, ...] = ()) -> Hat:
    return Hat(account, Role.CLIENT, portal_roles, sites, tags)


HARBOR = Provider(
    name="Harbor IT",
    host="harbor.localhost",
    brand_color="#3452d1",
    support_email="support@harbor.example",
    headline="Everything your IT partner does for you, in one place",
    companies=(
        Company("Northwind Dental", "6212", 64, ("Main Street", "Riverside", "Harbor View")),
        Company("Cobalt Logistics", "484", 210, ("Depot North", "Depot South")),
        Company("Juniper Credit Union", "5221", 120, ("Head Office",)),
        Company("Alder & Finch Legal", "5411", 28, ("Chambers",)),
    ),
    people=(
        Person("Ada Whitfield", "ada@harbor.example", (_admin(),)),
        Person("Sam Okafor", "sam@harbor.example", (_executive("Northwind Dental"), _executive("Juniper Credit Union"))),
        Person("Lena Brandt", "lena@harbor.example", (_executive("Cobalt Logistics"),)),
        Person(
            "Theo Marsh", "theo@harbor.example",
            (_executive("Alder & Finch Legal"), _client("Cobalt Logistics", PortalRole.APPROVER)),
        ),
        Person("Dana Ruiz", "dana@harbor.example", (Hat("Northwind Dental", Role.TECHNICIAN),)),
        Person(
            "Priya Nair", "priya@northwind.example",
            (_client("Northwind Dental", PortalRole.COMPANY_ADMIN, tags=(Tag.EMERGENCY,)),),
        ),
        Person(
            "Marcus Lee", "marcus@northwind.example",
            (_client("Northwind Dental", PortalRole.SITE_MANAGER, sites=("Riverside",)),),
        ),
        Person("Dora Osei", "dora@northwind.example", (_client("Northwind Dental", PortalRole.END_USER),)),
        Person("Felix Grant", "felix@northwind.example", (_client("Northwind Dental", PortalRole.APPROVER),)),
        Person("Bea Lindqvist", "bea@northwind.example", (_client("Northwind Dental", PortalRole.BILLING, tags=(Tag.VIP,)),)),
        Person("Carla Voss", "carla@cobalt.example", (_client("Cobalt Logistics", PortalRole.COMPANY_ADMIN),)),
        Person("Tom Reyes", "tom@cobalt.example", (_client("Cobalt Logistics", PortalRole.END_USER),)),
        Person(
            "Iris Kaplan", "iris@juniper.example",
            (_client("Juniper Credit Union", PortalRole.COMPANY_ADMIN, tags=(Tag.EMERGENCY,)),),
        ),
        Person("Noor Haddad", "noor@nowhere.example"),
    ),
)  # fmt: skip
SUNNY = Provider(
    name="Sunny Ridge Advisors",
    host="sunny.localhost",
    brand_color="#ffd400",
    support_email="help@sunnyridge.example",
    headline="Know your risks before they know you",
    companies=(
        Company("Marigold Foods", "311", 95, ("Bakery", "Warehouse")),
        Company("Granite Hardware", "444", 40, ("Shop",)),
    ),
    people=(
        Person("Amara Solis", "amara@sunnyridge.example", (_admin(),)),
        Person("Jonas Weber", "jonas@sunnyridge.example", (_executive("Marigold Foods"),)),
        Person("Mia Torres", "mia@marigold.example", (_client("Marigold Foods", PortalRole.COMPANY_ADMIN),)),
        Person("Greg Stone", "greg@granite.example", (_client("Granite Hardware", PortalRole.COMPANY_ADMIN),)),
    ),
)
PROVIDERS = (HARBOR, SUNNY)


def exists(provider: Provider) -> bool:
    """This will say whether the provider's organization is already there."""
    return OrganizationHost.objects.filter(host=provider.host).exists()


def raise_curtain(provider: Provider) -> Organization:
    """This will create one organization of the cast with its accounts, sites and people, through the product's actions."""
    organization = organizations.create(
        name=provider.name,
        host=provider.host,
        brand_color=provider.brand_color,
        support_email=provider.support_email,
        sign_in_headline=provider.headline,
    )
    with tenancy.scope(organization.id):
        system = system_viewer(organization)
        by_name: dict[str, Account] = {}
        for company in provider.companies:
            by_name[company.name] = accounts.create(
                by=system,
                name=company.name,
                industry=company.industry,
                employees=company.employees,
                site_names=list(company.sites),
            )
        for person in provider.people:
            _seat(person, by_name, system)
        emails = [person.email for person in provider.people]
        User.objects.filter(email__in=emails).update(password=make_password(PASSWORD))
        # The play begins in the middle: everybody has come in before.
        Membership.objects.filter(organization=organization, user__email__in=emails).update(introduced_as="")
    return organization


def _seat(person: Person, by_name: dict[str, Account], system) -> None:
    if not person.hats:
        User.objects.create_user(person.email, name=person.name)
    for hat in person.hats:
        account = by_name.get(hat.account)
        memberships.add(
            by=system,
            email=person.email,
            name=person.name,
            account=account,
            role=hat.role,
            portal_roles=hat.portal_roles,
            sites=list(Site.objects.filter(account=account, name__in=hat.sites)) if hat.sites else [],
            tags=hat.tags,
        )
