"""Five thousand accounts, three hundred of them one person's: the same number of queries as with five."""

from django.contrib.auth.models import Permission
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, AccountGrant, AuditEntry, Membership
from accounts.roles import ACCOUNT_EXECUTIVE, Role
from assessments.models import Assessment
from library.models import Definition
from tests import cast

EVERYBODY, SAMS = 5_000, 300
PAGES = (
    "/staff/",
    "/staff/?view=attention",
    "/staff/?view=mine&status=not_started&industry=62",
    "/staff/?attention=coverage&q=company",
    "/staff/?page=9",
    "/staff/accounts/",
    "/staff/accounts/?view=attention&industry=62",
    "/staff/accounts/?sort=-activity",
)


def fill(many: int, led: int, start: int = 0) -> None:
    """This will make accounts, each with a run and an entry in its trail, the first of them Sam's. Call it in a scope."""
    organization, sam = cast.organization(), cast.person("sam")
    new = [
        Account(organization=organization, name=f"Company {number:05}", industry=("6212", "484", "")[number % 3])
        for number in range(start, many)
    ]
    Account.objects.bulk_create(new, batch_size=1_000)
    own = new[: max(0, led - start)]
    Membership.objects.bulk_create(
        [Membership(organization=organization, account=one, user=sam, role=Role.ACCOUNT_EXECUTIVE) for one in own]
    )
    permissions = Permission.objects.filter(
        content_type__model="account", codename__in=[ability.value for ability in ACCOUNT_EXECUTIVE]
    )
    AccountGrant.objects.bulk_create(
        [
            AccountGrant(organization=organization, user=sam, content_object=one, permission=permission)
            for permission in permissions
            for one in own
        ],
        batch_size=2_000,
    )
    definition = Definition.objects.select_related("published_version").get(key="vendor-risk")
    Assessment.objects.bulk_create(
        [
            Assessment(
                organization=organization, account=one, definition=definition, version=definition.published_version,
                name="Vendor risk", question_count=18,
            )
            for one in new
        ],
        batch_size=1_000,
    )  # fmt: skip
    AuditEntry.objects.bulk_create(
        [AuditEntry(organization=organization, account=one, actor_name="Sam", verb="account.created") for one in new],
        batch_size=1_000,
    )


def count_anew() -> None:
    """This will do what the database does by itself a minute later: see how large its tables have become."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def counts(who: str) -> dict[str, int]:
    visitor = cast.visitor(who)
    found = {}
    for page in PAGES:
        visitor.get(page)  # what a process reads once is read
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(page).status_code == 200
        found[page] = len([query for query in queries if "set_config" not in query["sql"]])
    return found


def test_the_number_of_queries_is_the_same_for_five_and_for_five_thousand(fresh_database):
    with cast.inside():
        fill(30, 30)
    few = {who: counts(who) for who in ("sam", "ada")}
    with cast.inside():
        fill(EVERYBODY, SAMS, start=30)
    count_anew()
    many = {who: counts(who) for who in ("sam", "ada")}
    assert many == few
    listed = cast.visitor("sam").get("/staff/")
    assert f"{SAMS + 2} accounts assigned to you" in listed.content.decode()
    assert len(listed.context["rows"]) == 25


def test_no_query_of_the_overview_takes_long(fresh_database):
    with cast.inside():
        fill(EVERYBODY, SAMS)
    count_anew()
    slowest = {}
    for who in ("sam", "ada"):
        visitor = cast.visitor(who)
        for page in PAGES:
            visitor.get(page)
            with CaptureQueriesContext(connection) as queries:
                visitor.get(page)
            worst = max(queries, key=lambda query: float(query["time"]))
            slowest[who, page] = (float(worst["time"]), worst["sql"])
    # A bound for a busy machine: a missing index, or a plan that reads row by row, costs ten times as much.
    assert max(took for took, _sql in slowest.values()) < 1.5, max(slowest.items(), key=lambda one: one[1][0])
