"""The pages that are measured: who asks for which address, what the budget is, and which floor does the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from django.urls import reverse

from benchmarks.generate import person


@dataclass(frozen=True)
class Page:
    """One line of the table.

    `address` and `fields` are functions of the facts of a database (see `facts`). `queries` are the view's own;
    `ratio` is to the minimal floor, `growth` from scale 1 to 10; None where no budget is set. `resets` names the
    answer to remove before each request, so that saving it is always a first save.
    """

    key: str
    title: str
    role: str
    address: Any
    queries: int | None = None
    ratio: float | None = None
    growth: float | None = None
    fragment: bool = False
    fields: Any = None
    resets: Any = None


def _client(name: str, query: str = "", whose: str = "account") -> Any:
    return lambda facts: reverse(f"client:{name}", args=[facts[whose]]) + query


def _question(assessment: str) -> Any:
    return lambda facts: reverse("client:question", args=[facts["account"], facts[assessment], facts["question"]])


def _staff(name: str, query: str = "", account: bool = False) -> Any:
    return lambda facts: reverse(f"staff:{name}", args=[facts["account"]] if account else []) + query


def _answer(facts: Mapping[str, str]) -> dict[str, str]:
    return {"answer": "written", "comment": "", "revision": "0"}


PAGES = (
    Page("home", "Client Home", "client", _client("home"), 14, 1.5, 1.1),
    Page("library", "Library, 24 cards", "client", _client("library"), 10, 1.3, 1.1),
    Page("search", "Library, search keystroke", "client", _client("library", "?q=rev"), 8, 0.7, 1.1, fragment=True),
    Page("yours", "Your Assessments, 25 of 200", "client", _client("your_assessments"), 10, 1.3, 1.1),
    Page("question", "A question of 90", "client", _question("Taking 90"), 8, 1.3, 1.0),
    Page("question_long", "A question of 500", "client", _question("Taking long"), 8, 1.3, 1.0),
    Page(
        "save", "Save one answer of 90", "client", _question("Saving 90"), 8, 1.5, 1.0, fragment=True, fields=_answer,
        resets="Saving 90",
    ),
    Page(
        "save_long", "Save one answer of 500", "client", _question("Saving long"), 8, 1.5, 1.0, fragment=True,
        fields=_answer, resets="Saving long",
    ),
    Page(
        "results", "Results, 90 questions", "client",
        lambda facts: reverse("client:results", args=[facts["account"], facts["Released 90"]]), 10, 1.5, 1.0,
    ),
    Page("overview", "Staff Overview, 25 of 300 accounts", "executive", _staff("overview"), 12, 1.5, 1.2),
    Page("accounts", "Account list, Admin, 25 of all", "admin", _staff("accounts"), 12, 1.5, 1.2),
    Page("account", "Account, Overview tab", "executive", _staff("account_overview", account=True), 14, 1.5, 1.1),
    Page(
        "assessments", "Account, Assessments tab, 25 of 200", "executive", _staff("account_assessments", account=True),
        14, 1.5, 1.1,
    ),
    # The same pages where what belongs to the viewer grows as well: 200 and 2,000 assessments, 300 and 3,000 accounts.
    Page("yours_deep", "Your Assessments, own ×10", "deep_client", _client("your_assessments", whose="deep_account")),
    Page("overview_wide", "Staff Overview, own accounts ×10", "wide_executive", _staff("overview")),
)  # fmt: skip


def facts(connection: psycopg.Connection) -> dict[str, str]:
    """This will look up the ids that addresses are made of: the accounts, and the assessments made to be measured."""
    found = {"question": "q040"}
    for name, role in (("account", "client"), ("deep_account", "deep_client")):
        found[name] = _only(
            connection,
            "SELECT account_id FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id WHERE email = %s",
            person(role),
        )
    for role in ("executive", "wide_executive", "admin"):
        found[role] = _only(connection, "SELECT id FROM accounts_user WHERE email = %s", person(role))
    rows = connection.execute(
        "SELECT name, id FROM assessments_assessment WHERE account_id = %s AND name = ANY(%s)",
        [found["account"], ["Taking 90", "Taking long", "Saving 90", "Saving long", "Released 90"]],
    )
    return found | {name: str(pk) for name, pk in rows}


def _only(connection: psycopg.Connection, query: str, value: str) -> str:
    row = connection.execute(query, [value]).fetchone()
    if row is None:
        raise LookupError(f"{value} is not in the database: run benchmarks.generate first")
    return str(row[0])
