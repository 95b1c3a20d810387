"""Fills a database of its own with two organizations of the sizes the budgets speak of.

    python -m benchmarks.generate --scale 1      (1,000 accounts and 10,000 assessments in each organization)
    python -m benchmarks.generate --scale 10

Repeatable: the same seed and day give the same rows. Rows go in by COPY as superuser; definitions go through the
product's own actions, and what the product would have computed (progress, scores, grants) is computed by its own
functions. At the end every foreign key is checked, and the grants of some people are compared with what the product
says they must be.
"""

import argparse
import datetime
import json
import os
import random
import time
import uuid
from dataclasses import dataclass, replace
from typing import Any

import django
import psycopg
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.models import AutoField, JSONField, Model
from django.db.models.expressions import DatabaseDefault
from psycopg import sql

from portal.embedded import postgres

SEED = 20261122
PASSWORD = "measure-twice-cut-once"  # noqa: S105  (of made-up people, in a database that never leaves this machine)
FLOOR_LOGIN = "benchmark_floor"
INDUSTRIES = ("6212", "484", "5221", "5411", "311", "444", "2382", "5415", "7211", "6111")
WORDS = ("Alder", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Hazel", "Iris", "Juniper", "Kestrel", "Larch", "Moss")
TRADES = ("Dental", "Logistics", "Foods", "Legal", "Bakery", "Textiles", "Motors", "Clinic", "Partners", "Print")


@dataclass(frozen=True)
class Sizes:
    """How many of everything one organization has. `main_*` is the account the client pages are measured in."""

    accounts: int = 1_000
    assessments: int = 10_000
    definitions: int = 40
    main_assessments: int = 200
    main_library: int = 24
    deep_assessments: int = 200
    executive_accounts: int = 300
    wide_executive_accounts: int = 300
    long_definition: int = 500
    answered_share: float = 0.05

    def times(self, factor: int) -> "Sizes":
        """This will grow everything except what one page shows: its account, its library, its executive."""
        return replace(
            self,
            accounts=self.accounts * factor,
            assessments=self.assessments * factor,
            definitions=self.definitions * factor,
            deep_assessments=self.deep_assessments * factor,
            wide_executive_accounts=self.wide_executive_accounts * factor,
        )


SIZES = Sizes()
MINIATURE = Sizes(
    accounts=12, assessments=90, definitions=8, main_assessments=30, main_library=6, deep_assessments=10,
    executive_accounts=5, wide_executive_accounts=4, long_definition=60, answered_share=0.2,
)  # fmt: skip
# Who signs in when pages are measured, and as what.
PEOPLE = {
    "client": "pat@{host}.example",
    "deep_client": "drew@{host}.example",
    "executive": "alex@{host}.example",
    "wide_executive": "avery@{host}.example",
    "admin": "adam@{host}.example",
}
HOSTS = ("north", "south")
BATCH = 20_000
# How an assessment stands: without answers, a third or two thirds answered, or complete in one of three ways.
KINDS = ("none", "some", "most", "full-0", "full-1", "full-2")


def person(role: str, host: str = HOSTS[0]) -> str:
    """This will return the email of the one who signs in for a role of PEOPLE."""
    return PEOPLE[role].format(host=host)


class Ids:
    """Identifiers as the product's, version 7, but from a seed: time grows by a millisecond every few rows."""

    def __init__(self, dice: random.Random, start: datetime.datetime) -> None:
        self.dice = dice
        self.milliseconds = int(start.timestamp() * 1000)

    def __call__(self) -> str:
        self.milliseconds += self.dice.random() < 0.2
        value = (self.milliseconds & (1 << 48) - 1) << 80
        value |= 0x7 << 76 | self.dice.getrandbits(12) << 64 | 0b10 << 62 | self.dice.getrandbits(62)
        return str(uuid.UUID(int=value))


@dataclass(frozen=True)
class Run:
    """One way an assessment of a definition can stand, computed once by the product and given to many rows."""

    answers: dict[str, Any]
    answered: int
    asked: int
    progress: str
    score: float | None
    percent: float | None
    zone: str
    tone: str
    sheet: str


class Filler:
    """Fills one organization. `connection` is a superuser's; the product's own code runs on Django's `default`."""

    def __init__(self, connection: psycopg.Connection, host: str, sizes: Sizes, today: datetime.date) -> None:
        self.connection = connection
        self.host = host
        self.sizes = sizes
        self.dice = random.Random(f"{SEED}/{host}")  # noqa: S311  (figures to measure with)
        self.now = datetime.datetime.combine(today, datetime.time(), datetime.UTC)
        self.id = Ids(self.dice, self.now - datetime.timedelta(days=400))
        self.rows: dict[type[Model], list[dict[str, Any]]] = {}
        self.runs: dict[tuple[str, str], Run] = {}
        self.organization_id = self.id()
        self.password = make_password(PASSWORD)
        self.permissions = permission_ids(connection)
        self.granted: set[tuple[str, str]] = set()
        self.definitions: list[tuple[Any, str, str]] = []  # document, definition id, version id
        self.accounts: list[dict[str, Any]] = []
        self.shelves: list[list[int]] = []
        self.site_of: dict[str, str] = {}
        self.client_of: dict[str, str] = {}

    def fill(self) -> None:
        """This will write everything."""
        self._organization()
        self._definitions()
        self._companies()
        self._people()
        self._libraries()
        self._assessments()
        self._flush()
        self.connection.commit()

    # Rows

    def add(self, model: type[Model], **values: Any) -> dict[str, Any]:
        """This will note a row to be written; what is not given has the model's default."""
        if not isinstance(model._meta.pk, AutoField):
            values.setdefault("id", self.id())
        if "organization_id" in {field.attname for field in model._meta.concrete_fields}:
            values.setdefault("organization_id", self.organization_id)
        rows = self.rows.setdefault(model, [])
        rows.append(values)
        if len(rows) >= BATCH:
            copy_rows(self.connection, model, rows)
            rows.clear()
        return values

    def _flush(self) -> None:
        for model, rows in self.rows.items():
            copy_rows(self.connection, model, rows)
        self.rows.clear()

    def _moment(self, days: float) -> str:
        return (self.now - datetime.timedelta(days=days)).isoformat()

    # What there is

    def _organization(self) -> None:
        from accounts.models import Organization, OrganizationHost

        created = {"created_at": self._moment(400)}
        self.add(
            Organization, id=self.organization_id, name=f"{self.host.capitalize()} IT", updated_at=self._moment(9),
            support_email=f"help@{self.host}.example", **created,
        )  # fmt: skip
        self.add(OrganizationHost, host=f"{self.host}.localhost", **created)
        self._flush()
        self.connection.commit()

    def _definitions(self) -> None:
        """This will import and publish, as an Admin would: the first has 90 questions, the second is very long."""
        from accounts import tenancy
        from accounts.models import Organization
        from accounts.viewer import system_viewer
        from benchmarks import content
        from library.actions import definitions

        organization_id = uuid.UUID(self.organization_id)
        with tenancy.scope(organization_id):
            system = system_viewer(Organization.objects.get(pk=organization_id))
            for number in range(self.sizes.definitions):
                length = {0: 90, 1: self.sizes.long_definition}.get(number, 20 + number * 7 % 21)
                document = content.document(number, length)
                version = definitions.import_draft(by=system, document=document)
                definitions.publish(by=system, definition=version.definition)
                self.definitions.append((document, str(version.definition_id), str(version.id)))

    def _companies(self) -> None:
        from accounts.models import Account, Site

        for number in range(self.sizes.accounts):
            name = f"{WORDS[number % 12]} {TRADES[number // 12 % 10]} {number:05d}"
            account = self.add(
                Account, name=name, industry=INDUSTRIES[number % 10], employees=10 + number * 37 % 900,
                created_at=self._moment(390), updated_at=self._moment(self.dice.uniform(0, 60)),
            )  # fmt: skip
            self.accounts.append(account)
            for place in ("Head Office", "Riverside"):
                site = self.add(Site, account_id=account["id"], name=place, city=place, created_at=self._moment(390))
                self.site_of[account["id"]] = site["id"]

    def _people(self) -> None:
        from accounts.roles import PortalRole, Role

        executive = self._user(person("executive", self.host), "Alex Bergman")
        wide = self._user(person("wide_executive", self.host), "Avery Lund")
        admin = self._user(person("admin", self.host), "Adam Costa")
        self._seat(admin, None, Role.ADMIN)
        colleagues = [
            self._user(f"executive{number:04d}@{self.host}.example", f"Executive {number:04d}", signs_in=False)
            for number in range(max(1, self.sizes.accounts // 50))
        ]
        technicians = [
            self._user(f"technician{number:04d}@{self.host}.example", f"Technician {number:04d}", signs_in=False)
            for number in range(max(1, self.sizes.accounts // 100))
        ]
        portal_roles = (
            PortalRole.COMPANY_ADMIN, PortalRole.APPROVER, PortalRole.BILLING, PortalRole.SITE_MANAGER,
            PortalRole.SITE_MANAGER, PortalRole.END_USER, PortalRole.END_USER, PortalRole.END_USER, PortalRole.END_USER,
        )  # fmt: skip
        for number, account in enumerate(self.accounts):
            own = number < self.sizes.executive_accounts
            self._seat(executive if own else colleagues[number % len(colleagues)], account, Role.ACCOUNT_EXECUTIVE)
            if number >= self.sizes.accounts - self.sizes.wide_executive_accounts:
                self._seat(wide, account, Role.ACCOUNT_EXECUTIVE)
            self._seat(technicians[number % len(technicians)], account, Role.TECHNICIAN)
            for place, portal_role in enumerate(portal_roles):
                role = {(0, 0): "client", (1, 0): "deep_client"}.get((number, place))
                email = person(role, self.host) if role else f"person{number:05d}-{place}@{self.host}.example"
                user = self._user(email, f"Person {place} of {account['name']}"[:120], signs_in=bool(role))
                self._seat(user, account, Role.CLIENT, portal_role)
                self.client_of.setdefault(account["id"], user)

    def _user(self, email: str, name: str, signs_in: bool = True) -> str:
        from accounts.models import User

        password = self.password if signs_in else "!"
        return self.add(User, email=email, name=name, password=password, date_joined=self._moment(380))["id"]

    def _seat(self, user_id: str, account: dict[str, Any] | None, role: str, portal_role: str = "") -> None:
        """This will write a membership, and the grants that accounts.grants compiles of it."""
        from accounts.models import AccountGrant, Membership, MembershipSite, OrganizationGrant
        from accounts.roles import IN_ORGANIZATION, PortalRole, abilities_in_account

        account_id = account["id"] if account else None
        portal_roles = [portal_role] if portal_role else []
        tags = ["emergency"] if portal_role == PortalRole.COMPANY_ADMIN else []
        membership = self.add(
            Membership, user_id=user_id, account_id=account_id, role=str(role), created_at=self._moment(300),
            portal_roles=array(portal_roles), tags=array(tags),
        )  # fmt: skip
        if portal_role == PortalRole.SITE_MANAGER and account_id:
            self.add(
                MembershipSite, account_id=account_id, membership_id=membership["id"], site_id=self.site_of[account_id],
                created_at=self._moment(300),
            )  # fmt: skip
        if account_id:
            for ability in sorted(abilities_in_account(role, portal_roles)):
                permission = self.permissions["account", ability]
                self.add(AccountGrant, user_id=user_id, content_object_id=account_id, permission_id=permission)
        for ability in sorted(IN_ORGANIZATION.get(role, ())):
            if (user_id, ability) not in self.granted:
                self.granted.add((user_id, ability))
                permission = self.permissions["organization", ability]
                self.add(
                    OrganizationGrant, user_id=user_id, content_object_id=self.organization_id, permission_id=permission
                )  # fmt: skip

    def _libraries(self) -> None:
        from library.models import LibraryEntry

        for number, account in enumerate(self.accounts):
            if number == 0:
                shelf = list(range(min(self.sizes.main_library, self.sizes.definitions)))
            else:
                shelf = self.dice.sample(range(self.sizes.definitions), min(6, self.sizes.definitions))
            self.shelves.append(shelf)
            for place in shelf:
                self.add(
                    LibraryEntry, account_id=account["id"], definition_id=self.definitions[place][1],
                    created_at=self._moment(self.dice.uniform(100, 300)),
                )  # fmt: skip

    def _assessments(self) -> None:
        sizes = self.sizes
        main, deep, *others = range(sizes.accounts)
        self._fixed(main)
        for _ in range(sizes.main_assessments - 5):
            self._assessment(main)
        for _ in range(sizes.deep_assessments):
            self._assessment(deep)
        rest = sizes.assessments - sizes.main_assessments - sizes.deep_assessments
        for number in range(rest):
            self._assessment(others[number % len(others)])

    def _fixed(self, account: int) -> None:
        """This will write the assessments that pages are measured on; their names say which is which."""
        for name, definition, kind in (
            ("Taking 90", 0, "most"),
            ("Taking long", 1, "most"),
            ("Saving 90", 0, "some"),
            ("Saving long", 1, "some"),
            ("Released 90", 0, "full-0"),
        ):
            self._assessment(account, definition, kind, name=name, with_answers=True)

    def _assessment(
        self, account: int, definition: int | None = None, kind: str = "", name: str = "", with_answers: bool = False
    ) -> None:
        from assessments.models import Answer, AnswerRevision, Assessment, Respondent, Result, Status

        if definition is None:
            shelf = [place for place in self.shelves[account] if place > 1] or [0]
            definition = self.dice.choice(shelf)
        if not kind:
            kind = self.dice.choices(KINDS, (15, 15, 20, 20, 15, 15))[0]
        with_answers = with_answers or self.dice.random() < self.sizes.answered_share
        document, definition_id, version_id = self.definitions[definition]
        run = self._run(definition, kind)
        closed = kind in ("full-0", "full-1")
        status = Status.DRAFT if kind == "none" else Status.IN_PROGRESS
        if kind.startswith("full"):
            status = Status.CLOSED if closed else Status.RESULTS_REVIEW
        days = self.dice.uniform(0.1, 250)
        account_id = self.accounts[account]["id"]
        user_id = self.client_of[account_id]
        of = {"account_id": account_id, "created_at": self._moment(days)}
        due_on = (self.now + datetime.timedelta(days=30 - days)).date() if self.dice.random() < 0.3 else None
        assessment = self.add(
            Assessment, definition_id=definition_id, version_id=version_id, name=name or document.name,
            created_by_id=user_id, created_by_client=self.dice.random() < 0.5, answered_count=run.answered,
            question_count=run.asked, progress=run.progress, last_saved_by_id=user_id if run.answered else None,
            status=str(status), due_on=due_on,
            submitted_at=self._moment(days) if run.sheet else None, submitted_by_id=user_id if run.sheet else None,
            released_at=self._moment(days) if closed else None, updated_at=self._moment(days), **of,
        )  # fmt: skip
        of["assessment_id"] = assessment["id"]
        self.add(Respondent, user_id=user_id, **of)
        if run.sheet:
            self.add(
                Result, score=run.score, percent=run.percent, zone=run.zone, tone=run.tone, sheet=run.sheet,
                computed_at=self._moment(days), **of,
            )  # fmt: skip
        if with_answers:
            for key, answer in run.answers.items():
                said = of | {
                    "question_key": key, "state": str(answer.state), "revision": 1, "answered_by_id": user_id,
                    "value": None if answer.value is None else json.dumps(answer.value),
                }  # fmt: skip
                self.add(Answer, updated_at=self._moment(days), **said)
                self.add(AnswerRevision, **said)
        self._audit(account_id, user_id, assessment, days)

    def _audit(self, account_id: str, user_id: str, assessment: dict[str, Any], days: float) -> None:
        from accounts.models import AuditEntry

        self.add(
            AuditEntry, account_id=account_id, actor_id=user_id, actor_name="Somebody", verb="assessment.created",
            object_type="assessment", object_id=assessment["id"], object_label=assessment["name"],
            created_at=self._moment(days),
        )  # fmt: skip

    def _run(self, definition: int, kind: str) -> Run:
        """This will let the product measure and score one made-up set of answers, once for each definition and kind."""
        from assessments.answering.progress import measure
        from assessments.results.scores import figures_of
        from benchmarks import content
        from library.scoring.engine import score

        document = self.definitions[definition][0]
        if (document.key, kind) not in self.runs:
            share = {"none": 0.0, "some": 0.3, "most": 0.6}.get(kind, 1.0)
            dice = random.Random(f"{SEED}/{document.key}/{kind}")  # noqa: S311
            answers = content.answers(document, dice, share)
            progress = measure(document, answers)
            figures = figures_of(score(document, answers)) if share == 1.0 else None
            overall = (figures or {}).get("overall") or {}
            self.runs[document.key, kind] = Run(
                answers, progress.answered, progress.asked, json.dumps(progress.as_json()), overall.get("value"),
                overall.get("percent"), overall.get("zone", "")[:60], overall.get("tone", ""),
                json.dumps(figures) if figures else "",
            )  # fmt: skip
        return self.runs[document.key, kind]


def array(values: list[str]) -> str:
    """This will write names as PostgreSQL writes an array; they hold no character that needs quoting."""
    return "{" + ",".join(str(value) for value in values) + "}"


def copy_rows(connection: psycopg.Connection, model: type[Model], rows: list[dict[str, Any]]) -> None:
    """This will write rows by COPY; columns a row does not name have the model's default."""
    if not rows:
        return
    numbered = model._meta.pk.attname not in rows[0]  # by the database
    fields = [f for f in model._meta.concrete_fields if not f.generated and not (f.primary_key and numbered)]
    defaults = {field.attname: _default(field) for field in fields if field.attname not in rows[0]}
    # What only the database knows, it fills in itself.
    fields = [f for f in fields if not isinstance(defaults.get(f.attname), DatabaseDefault)]
    names = [field.attname for field in fields]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row[name] if name in row else defaults[name] for name in names])


def _default(field: Any) -> Any:
    value = field.get_default()
    if isinstance(field, JSONField):
        return None if value is None else json.dumps(value)
    return array(value) if isinstance(field, ArrayField) else value


def permission_ids(connection: psycopg.Connection) -> dict[tuple[str, str], int]:
    """This will map (model, ability) to the permission that stands for it."""
    rows = connection.execute(
        "SELECT c.model, p.codename, p.id FROM auth_permission p JOIN django_content_type c ON c.id = p.content_type_id"
        " WHERE c.app_label = 'accounts'"
    )
    return {(model, codename): pk for model, codename, pk in rows}


def fill(connection: psycopg.Connection, sizes: Sizes, today: datetime.date) -> None:
    """This will fill an empty, migrated database, where Django's `default` must point too, and check what it wrote."""
    connection.execute("SET session_replication_role = replica")  # foreign keys are checked once, below, not row by row
    connection.commit()
    for host in HOSTS:
        Filler(connection, host, sizes, today).fill()
    connection.execute("SET session_replication_role = DEFAULT")
    connection.execute("ANALYZE")
    connection.commit()
    check_foreign_keys(connection)
    check_grants()


def check_foreign_keys(connection: psycopg.Connection) -> None:
    """This will raise ValueError for a row that points to nothing, of any foreign key of the database."""
    keys = connection.execute(
        """
        SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text,
               array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, i)
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.i),
               array(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, i)
                     JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.i)
        FROM pg_constraint k WHERE k.contype = 'f'
        """
    ).fetchall()
    for name, table, target, columns, target_columns in keys:
        pairs = list(zip(columns, target_columns, strict=True))
        query = sql.SQL("SELECT 1 FROM {} r WHERE {} AND NOT EXISTS (SELECT FROM {} t WHERE {}) LIMIT 1").format(
            sql.SQL(table),
            sql.SQL(" AND ").join(sql.SQL("r.{} IS NOT NULL").format(sql.Identifier(column)) for column, _ in pairs),
            sql.SQL(target),
            sql.SQL(" AND ").join(
                sql.SQL("t.{} = r.{}").format(sql.Identifier(there), sql.Identifier(here)) for here, there in pairs
            ),
        )
        if connection.execute(query).fetchone():
            raise ValueError(f"a row of {table} breaks {name}")
    connection.commit()


def check_grants(people: int = 40) -> None:
    """This will raise ValueError when somebody's stored grants are not what accounts.grants would compile."""
    from accounts import grants, tenancy
    from accounts.models import Organization, OrganizationHost, User

    for host in HOSTS:
        organization_id = OrganizationHost.objects.get(host=f"{host}.localhost").organization_id
        with tenancy.scope(organization_id):
            organization = Organization.objects.get(pk=organization_id)
            named = User.objects.filter(email__in=[person(role, host) for role in PEOPLE])
            others = User.objects.filter(email__endswith=f"@{host}.example").order_by("password", "id")
            step = max(1, others.count() // people)
            for user in [*named, *list(others.only("id", "email"))[::step]]:
                on_accounts, on_organization = grants.expected_grants(user, organization)
                wanted = {(str(account), ability) for account, ability in on_accounts}
                wanted |= {("organization", ability) for ability in on_organization}
                if grants.stored_grants(user, organization) != wanted:
                    raise ValueError(f"the grants of {user.email} have drifted")


def main() -> None:
    """This will make the database of a scale anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=int, choices=(1, 10), default=1)
    scale = parser.parse_args().scale
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    os.environ["PORTAL_BENCHMARK_SCALE"] = str(scale)
    started = time.monotonic()
    django.setup()
    cluster = postgres.cluster_at(settings.BENCHMARK_POSTGRES)
    cluster.start()
    name = settings.DATABASES["default"]["NAME"]
    cluster.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    cluster.sql(f'CREATE DATABASE "{name}" OWNER portal_owner')
    if FLOOR_LOGIN not in cluster.sql("SELECT rolname FROM pg_roles"):
        cluster.sql(f"CREATE ROLE {FLOOR_LOGIN} LOGIN BYPASSRLS IN ROLE portal_web")
    call_command("migrate", database="owner", verbosity=0)
    with superuser(name) as connection:
        fill(connection, SIZES.times(scale), datetime.datetime.now(datetime.UTC).date())
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
        for table, rows in connection.execute(
            "SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r' AND reltuples > 0"
            " AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 12"
        ):
            print(f"{rows:>12,}  {table}")
    print(f"{name} is ready, after {time.monotonic() - started:.0f} seconds.")


def is_current(scale: int) -> bool:
    """This will say whether the database of a scale is there and has every migration of the code."""
    try:
        with superuser(f"benchmark_{scale}") as connection:
            applied = connection.execute("SELECT app, name FROM django_migrations").fetchall()
            return set(MigrationLoader(None).graph.nodes) == set(applied)
    except psycopg.Error:
        return False


def superuser(name: str) -> psycopg.Connection:
    """This will connect to a database of the benchmark's cluster as one whom no policy concerns."""
    cluster = postgres.cluster_at(settings.BENCHMARK_POSTGRES)
    cluster.start()
    host = str(cluster.socket_directory)
    return psycopg.connect(host=host, user=postgres.SUPERUSER, dbname=name)


if __name__ == "__main__":
    main()
