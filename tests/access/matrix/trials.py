"""Putting a row of the matrix to the test at the doors it is about."""

import uuid
from collections.abc import Iterator

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Membership
from tests import cast
from tests.access.matrix import deviations
from tests.access.matrix.actors import CLIENTS, Visit
from tests.access.matrix.cases import OWN, Door, doors_of
from tests.access.matrix.rows import Case, Row
from tests.access.matrix.stage import Stage

DENIED = (403, 404)


class Scene:
    """What a case needs on stage, and the addresses and data that follow from it, for each whose own things it is about."""

    def __init__(self, full: Case, relation: str = "", actors: frozenset[str] = frozenset()) -> None:
        doors = doors_of(full)
        assert doors is not None
        self.doors = doors
        people: dict[tuple[str, uuid.UUID | None], Stage] = {
            ("Northwind", None): Stage(full, "Northwind", None, relation)
        }
        if "ae_on_A_and_client_on_B" in actors:
            theo = cast.person("theo")
            people["Cobalt", theo.pk] = Stage(full, "Cobalt", theo, relation)
        if "client" in actors and ("own" in full[2] or "colleague" in full[2] or "someone" in full[2]):
            people |= {
                ("Northwind", person.pk): Stage(full, "Northwind", person) for person in map(cast.person, CLIENTS)
            }
        every = {*self.doors.of("staff"), *self.doors.of("client")}
        self.asked = {
            (key, door): (address_of(door, stage), door.data(stage), door.shows(stage) if door.shows else "")
            for key, stage in people.items()
            for door in every
        }

    def at(self, visit: Visit, door: Door) -> tuple[str, dict, str]:
        """This will return the address, the data and what the answer shows, for who knocks."""
        own = (visit.account, visit.user.pk if visit.user else None)
        address, data, shown = self.asked.get((own, door)) or self.asked[("Northwind", None), door]
        if str(OWN) in address:
            held = Membership.objects.filter(user=visit.user, account=cast.account(visit.account)).first()
            address = address.replace(str(OWN), str(held.pk if held else uuid.uuid4()))
        return address, data, shown


class Trial:
    """One row put to the test at every door that is somebody's."""

    def __init__(self, row: Row, scene: Scene) -> None:
        self.row, self.scene = row, scene

    def problems_of(self, visit: Visit) -> Iterator[str]:
        """This will say of each attempt that went otherwise than the row says what was met instead."""
        for door in self.scene.doors.of(visit.kind):
            if self.row.relation == "other_org" and visit.is_at_home and not door.leads_to_something:
                continue  # in one's own organization it is another thing, and one's own
            yield from self._knock(visit, door, *self.scene.at(visit, door))

    def _knock(self, visit: Visit, door: Door, address: str, data: dict, shown: str) -> Iterator[str]:
        visit.client.raise_request_exception = False
        ask = getattr(visit.client, door.method.lower())
        if visit.preview:
            inside = address if door.route.startswith("/") else visit.address(address)
            problem = self._judge(visit, ask(inside, data), shown)
        else:
            # Who may do it and comes too late was here, and that is noted.
            besides = "accounts_membership" if self.row.deny_as == "409" else ""
            before = writes(besides)
            with transaction.atomic():
                problem = self._judge(visit, ask(address, data), shown)
                if not self.row.is_allowed and door.method != "GET" and writes(besides) != before:
                    problem = problem or "it was refused and yet something was written"
                transaction.set_rollback(True)
        if problem:
            yield (
                f"{self.row.id} {self.row.actor} {self.row.relation} {self.row.case}: "
                f"{visit.label} {door.method} {visit.address(address)}: {problem}"
            )

    def _judge(self, visit: Visit, response: HttpResponse, shown: str) -> str:
        status, location = response.status_code, response.headers.get("Location", "")
        is_sign_in = "/account/login/" in location
        met = f"met {status} {location}, the row says {self.row.expect} {self.row.deny_as}"
        if status >= 500:
            return met
        if self.row.is_allowed:
            if status == 302 and "/preview/?" in location:
                return met
            let_in = (status < 400 or status in (409, 422)) and not is_sign_in
            return "" if let_in and (not shown or shown in text_of(response)) else met
        if self.row.deny_as == "login":
            return "" if is_sign_in else met
        if self.row.deny_as == "hidden":
            return "" if shown and shown not in text_of(response) else met
        if shown and status == 200:
            return "" if shown not in text_of(response) else met
        if visit.kind == "preview" and (status in DENIED or "/preview/?" in location):
            # A preview knows the portal's addresses alone: what staff do has none in it, and another account's is a
            # question whether to begin another preview.
            return ""
        if self.row.relation == "other_org" and status in DENIED:
            return ""  # at the own host the route refuses before it looks: whatever the id, the same
        wanted = {"403": 403, "404": 404, "409": 409, "preview-403": 403}[self.row.deny_as]
        return "" if status == wanted or status in deviations.also(self.row, visit.label) else met


def address_of(door: Door, stage: Stage) -> str:
    """This will build a door's address; a route may be an address itself."""
    if door.route.startswith("/"):
        return door.route
    args = [stage.account.pk, *door.args(stage)] if door.of_account else list(door.args(stage))
    return reverse(door.route, args=args)


def text_of(response: HttpResponse) -> str:
    """This will return what an answer says, also when it leads on to another page."""
    return b"".join(response).decode() if response.streaming else response.content.decode()


def writes(besides: str = "") -> int:
    """This will count the rows this transaction has inserted, changed or removed, sessions aside: also what was taken
    back counts, so a request that wrote and then thought better of it shows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables "
            "WHERE relname NOT IN ('django_session', %s)",
            [besides],
        )
        return int(cursor.fetchone()[0])
