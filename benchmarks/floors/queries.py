"""The hand-written queries of the floors: as few as a page can do with, each returning plain rows."""

import json
from dataclasses import make_dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

OPEN = "('draft', 'in_progress')"


def rows(query: str, *values: Any) -> list[Any]:
    """This will run a query and return its rows as objects with the columns' names."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = _row(tuple(column.name for column in cursor.description))
        return [row(*values) for values in cursor.fetchall()]


def plain(value: Any) -> Any:
    """This will return a jsonb column as Python has it, whether the driver already read it or not."""
    return json.loads(value) if isinstance(value, str) else value


@cache
def _row(columns: tuple[str, ...]) -> Any:
    return make_dataclass("Row", columns, slots=True)


def client_frame(account: UUID) -> Any:
    """This will read what the frame of a client's page shows: names, how many runs are open, whom to ask."""
    return rows(
        f"""
        SELECT o.name AS organization, o.brand_color, a.id AS account_id, a.name AS account, u.name AS executive,
               u.email AS executive_email,
               (SELECT count(*) FROM assessments_assessment s WHERE s.account_id = a.id AND s.status IN {OPEN}) AS open
        FROM accounts_account a
        JOIN accounts_organization o ON o.id = a.organization_id
        LEFT JOIN LATERAL (
            SELECT u.name, u.email FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
            WHERE m.account_id = a.id AND m.role = 'account_executive' ORDER BY m.created_at LIMIT 1
        ) u ON true
        WHERE a.id = %s
        """,  # noqa: S608
        account,
    )[0]


def staff_frame(user: UUID) -> Any:
    """This will read what the frame of a staff page shows: names, and how many accounts there are."""
    return rows(
        """
        SELECT o.name AS organization, o.brand_color, u.name AS person,
               (SELECT count(*) FROM accounts_accountgrant g JOIN auth_permission p ON p.id = g.permission_id
                WHERE g.user_id = u.id AND p.codename = 'view_account_details') AS accounts
        FROM accounts_user u
        JOIN LATERAL (SELECT organization_id FROM accounts_membership m WHERE m.user_id = u.id LIMIT 1) m ON true
        JOIN accounts_organization o ON o.id = m.organization_id
        WHERE u.id = %s
        """,
        user,
    )[0]


CARDS = f"""
    SELECT d.id, d.name, d.summary, d.icon, d.question_count, d.minutes, g.name AS group_name, g.position AS shelf,
           s.id AS run_id, s.status, s.answered_count, s.question_count AS asked, s.updated_at, s.submitted_at, r.score
    FROM library_libraryentry e
    JOIN library_definition d ON d.id = e.definition_id
    LEFT JOIN library_group g ON g.id = d.group_id
    LEFT JOIN LATERAL (
        SELECT * FROM assessments_assessment s WHERE s.account_id = e.account_id AND s.definition_id = d.id
        ORDER BY s.status IN {OPEN} DESC, s.updated_at DESC LIMIT 1
    ) s ON true
    LEFT JOIN assessments_result r ON r.assessment_id = s.id
    WHERE e.account_id = %s AND d.published_version_id IS NOT NULL AND d.deprecated_at IS NULL
"""  # noqa: S608


def cards(account: UUID, words: str = "") -> list[Any]:
    """This will read the cards of an account's Library, with the run that says how far it is with each."""
    if words:
        like = f"%{words}%"
        found = " AND (d.name ILIKE %s OR d.summary ILIKE %s OR g.name ILIKE %s)"
        return rows(f"{CARDS}{found} ORDER BY d.position LIMIT 24", account, like, like, like)
    return rows(f"{CARDS} ORDER BY d.position LIMIT 24", account)


def shelves(account: UUID) -> list[Any]:
    """This will count the cards of each group."""
    return rows(
        """
        SELECT g.name, count(*) AS cards FROM library_libraryentry e
        JOIN library_definition d ON d.id = e.definition_id JOIN library_group g ON g.id = d.group_id
        WHERE e.account_id = %s GROUP BY g.position, g.name ORDER BY g.position
        """,
        account,
    )


RUNS = """
    SELECT s.id, s.account_id, s.name, s.status, s.answered_count, s.question_count, s.updated_at, s.due_on,
           s.created_by_client, d.icon, g.name AS group_name, g.position AS shelf, r.percent, p.name AS person
    FROM (SELECT * FROM assessments_assessment s WHERE s.account_id = %s {}) s
    JOIN library_definition d ON d.id = s.definition_id
    LEFT JOIN library_group g ON g.id = d.group_id
    LEFT JOIN assessments_result r ON r.assessment_id = s.id
    LEFT JOIN LATERAL (
        SELECT u.name FROM assessments_respondent x JOIN accounts_user u ON u.id = x.user_id
        WHERE x.assessment_id = s.id ORDER BY x.created_at LIMIT 1
    ) p ON true
    ORDER BY {}
"""


def runs(account: UUID, most: int = 25) -> list[Any]:
    """This will read the assessments of an account that changed last."""
    order = "s.updated_at DESC, s.id DESC"
    return rows(RUNS.format(f"ORDER BY {order} LIMIT {most}", order), account)


def waiting(account: UUID) -> list[Any]:
    """This will read the open runs that are due first."""
    order = "s.due_on NULLS LAST, s.updated_at DESC"
    return rows(RUNS.format(f"AND s.status = 'in_progress' ORDER BY {order} LIMIT 6", order), account)


def latest(account: UUID) -> Any:
    """This will read the run released last, with its scores."""
    return rows(
        """
        SELECT s.id, s.account_id, s.name, r.score, r.zone, r.tone, r.sheet
        FROM assessments_assessment s JOIN assessments_result r ON r.assessment_id = s.id
        WHERE s.account_id = %s AND s.status = 'closed' ORDER BY s.released_at DESC LIMIT 1
        """,
        account,
    )[0]


def counts(account: UUID) -> Any:
    """This will count the assessments of an account by how they stand."""
    return rows(
        f"""
        SELECT count(*) AS all, count(*) FILTER (WHERE status IN {OPEN} AND answered_count = 0) AS not_started,
               count(*) FILTER (WHERE status IN {OPEN} AND answered_count > 0) AS in_progress,
               count(*) FILTER (WHERE status = 'results_review') AS results_review,
               count(*) FILTER (WHERE status = 'closed') AS closed
        FROM assessments_assessment WHERE account_id = %s
        """,  # noqa: S608
        account,
    )[0]


def run(assessment: UUID) -> Any:
    """This will read one assessment with its account's name."""
    return rows(
        """
        SELECT s.id, s.account_id, s.organization_id, s.version_id, s.name, s.status, s.answered_count,
               s.question_count, s.progress, s.updated_at, s.released_at, a.name AS account, o.name AS organization,
               o.brand_color
        FROM assessments_assessment s JOIN accounts_account a ON a.id = s.account_id
        JOIN accounts_organization o ON o.id = s.organization_id
        WHERE s.id = %s
        """,
        assessment,
    )[0]


@cache
def document(version: UUID) -> dict[str, Any]:
    """This will read the questions of a version, once: it never changes."""
    text = rows("SELECT document::text AS document FROM library_definitionversion WHERE id = %s", version)[0].document
    return json.loads(text)


def answer(assessment: UUID, key: str) -> Any:
    """This will read what stands as the answer to a question, None when nothing does."""
    found = rows(
        "SELECT state, value, comment, revision FROM assessments_answer WHERE assessment_id = %s AND question_key = %s",
        assessment,
        key,
    )
    return found[0] if found else None


def save(assessment: Any, key: str, value: str) -> int:
    """This will store an answer the barest way there is and return its revision."""
    return rows(
        """
        INSERT INTO assessments_answer (id, created_at, organization_id, account_id, assessment_id, question_key, state,
                                        value, comment, revision, on_behalf, updated_at)
        VALUES (uuidv7(), now(), %s, %s, %s, %s, 'answered', to_jsonb(%s::text), '', 1, false, now())
        ON CONFLICT (assessment_id, question_key, respondent_id)
        DO UPDATE SET value = excluded.value, revision = assessments_answer.revision + 1, updated_at = now()
        RETURNING revision
        """,
        assessment.organization_id,
        assessment.account_id,
        assessment.id,
        key,
        value,
    )[0].revision


def result(assessment: UUID) -> Any:
    """This will read the scores of an assessment."""
    return rows(
        "SELECT score, percent, zone, tone, sheet FROM assessments_result WHERE assessment_id = %s", assessment
    )[0]


OF_ACCOUNT = f"""
    count(*) AS total, sum(s.answered_count) AS answered, sum(s.question_count) AS asked,
    max(s.updated_at) AS last_activity,
    count(*) FILTER (WHERE status IN {OPEN} AND answered_count = 0) AS not_started,
    count(*) FILTER (WHERE status IN {OPEN} AND answered_count > 0) AS in_progress,
    count(*) FILTER (WHERE status = 'results_review') AS results_review,
    count(*) FILTER (WHERE status = 'closed') AS closed,
    count(*) FILTER (WHERE status IN {OPEN} AND due_on < current_date) AS overdue
"""
EXECUTIVE = """
    SELECT u.name FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
    WHERE m.account_id = a.id AND m.role = 'account_executive' ORDER BY m.created_at LIMIT 1
"""


def followed(user: UUID) -> list[Any]:
    """This will read 25 of the accounts a person may see, with the figures of their assessments."""
    return rows(
        f"""
        SELECT a.id, a.name, a.industry, x.name AS executive, f.*
        FROM (
            SELECT a.* FROM accounts_account a
            WHERE a.id IN (SELECT g.content_object_id FROM accounts_accountgrant g
                           JOIN auth_permission p ON p.id = g.permission_id
                           WHERE g.user_id = %s AND p.codename = 'view_account_details')
            ORDER BY a.name LIMIT 25
        ) a
        LEFT JOIN LATERAL (SELECT {OF_ACCOUNT} FROM assessments_assessment s WHERE s.account_id = a.id) f ON true
        LEFT JOIN LATERAL ({EXECUTIVE}) x ON true
        ORDER BY a.name
        """,  # noqa: S608
        user,
    )


def accounts(user: UUID) -> list[Any]:
    """This will read the first 25 accounts of the organization a person is Admin of."""
    return rows(
        f"""
        SELECT a.id, a.name, a.industry, a.created_at, x.name AS executive,
               (SELECT count(*) FROM accounts_site s WHERE s.account_id = a.id) AS sites,
               (SELECT count(*) FROM accounts_membership m WHERE m.account_id = a.id) AS logins
        FROM (
            SELECT a.* FROM accounts_account a
            WHERE a.organization_id = (SELECT organization_id FROM accounts_membership WHERE user_id = %s LIMIT 1)
            ORDER BY a.name LIMIT 25
        ) a
        LEFT JOIN LATERAL ({EXECUTIVE}) x ON true
        ORDER BY a.name
        """,  # noqa: S608
        user,
    )


def executive_of(account_id: UUID) -> UUID:
    """This will name the person who looks after an account."""
    query = "SELECT user_id FROM accounts_membership WHERE account_id = %s AND role = 'account_executive' LIMIT 1"
    return rows(query, account_id)[0].user_id


def groups(account_id: UUID) -> list[Any]:
    """This will read the groups of the account's organization."""
    return rows(
        """
        SELECT g.id, g.name FROM library_group g JOIN accounts_account a ON a.organization_id = g.organization_id
        WHERE a.id = %s ORDER BY g.position
        """,
        account_id,
    )


def answers(assessment: UUID) -> dict[str, Any]:
    """This will read all answers of an assessment by question."""
    found = rows(
        """
        SELECT w.question_key, w.state, w.value, w.updated_at, u.name AS person FROM assessments_answer w
        LEFT JOIN accounts_user u ON u.id = w.answered_by_id WHERE w.assessment_id = %s
        """,
        assessment,
    )
    return {answer.question_key: answer for answer in found}


def account(account_id: UUID) -> Any:
    """This will read one account."""
    return rows("SELECT id, name, industry, employees, website FROM accounts_account WHERE id = %s", account_id)[0]


def people(account_id: UUID) -> list[Any]:
    """This will read who holds which role in an account."""
    return rows(
        """
        SELECT m.id, m.role, m.portal_roles, m.tags, u.name, u.email FROM accounts_membership m
        JOIN accounts_user u ON u.id = m.user_id WHERE m.account_id = %s ORDER BY u.name
        """,
        account_id,
    )


def sites(account_id: UUID) -> list[Any]:
    """This will read the locations of an account."""
    return rows("SELECT id, name, city FROM accounts_site WHERE account_id = %s ORDER BY name", account_id)
