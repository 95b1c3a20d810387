"""The rows of the matrix about people without a login: each state of a link, each thing one might try with it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from assessments.actions import assessments, links, respondents
from assessments.actions.respondents import Person
from assessments.models import Assessment, RespondentLink
from library.models import Definition
from tests import cast
from tests.access.matrix.rows import Row, cases, read

pytestmark = pytest.mark.django_db

STATES = (
    "valid_personal",
    "valid_share_link",
    "already_submitted",
    "expired",
    "revoked",
    "assessment_closed",
    "account_deleted_or_suspended",
    "guessed_or_truncated",
    "valid_but_for_another_account",
)


def test_no_state_of_a_link_is_left_out(conformance_data):
    assert {case[2] for case in cases(conformance_data) if case[0] == "questionnaire"} == set(STATES)


@pytest.mark.parametrize("state", STATES)
def test_the_rows_of(state: str, conformance_data):
    with cast.inside():
        rows = [row for row in read(conformance_data) if row.object == "questionnaire" and row.state == state]
        assert rows
        wrong = [problem for row in rows if (problem := problem_of(row))]
    assert not wrong, "\n".join(wrong)


def problem_of(row: Row) -> str:
    """This will try what the row is about, with a link of its own, and say what was met instead of what it says."""
    with transaction.atomic():
        met = Attempt(row.state).of(row.action)
        transaction.set_rollback(True)
    wanted = (200, 303) if row.is_allowed else {"404": (404,), "generic-410": (410,)}[row.deny_as]
    if row.action == "edit_after_submit":
        wanted = (410,)  # as (already_submitted, answer) says of the same moment: the link has ended
    return (
        "" if met.status_code in wanted else f"{row.id} {row.state} {row.action}: met {met.status_code}, not {wanted}"
    )


class Attempt:
    """Somebody with a link in one of the states."""

    def __init__(self, state: str) -> None:
        self.state, self.sam = state, cast.viewer("sam", "Northwind")
        self.run = self._run()
        self.link, self.token = self._issued()
        self.visitor = self._came_in()
        self._changed()

    def of(self, action: str) -> HttpResponse:
        """This will do it, and return what came back."""
        if action == "edit_after_submit":
            assert self.of("submit").status_code == 303
            return self.of("answer")
        if action == "submit" and self.state in ("valid_personal", "valid_share_link"):
            self._answer_everything()
        tried = {
            "open": lambda: self.visitor.get(reverse("guest_link", args=[self._tried_token()])),
            "answer": lambda: self._behind("client:question", self.run, self._question(), post=self._said()),
            "submit": lambda: self._behind("client:submission", self.run, post={}),
            "view_results": lambda: self._behind("client:results", self.run),
            "view_other_respondents": lambda: self._get(
                reverse("staff:run_people", args=[self.run.account_id, self.run.pk])
            ),
            "open_other_assessment": lambda: self._behind("client:take", self._run()),
            "list_anything": lambda: self._get(reverse("client:your_assessments", args=[self.run.account_id])),
            "enter_portal": lambda: self._get(reverse("client:home", args=[self.run.account_id])),
        }
        return tried[action]()

    def _run(self) -> Assessment:
        return assessments.create(
            by=self.sam, account=self.sam.account, definition=Definition.objects.get(key="vendor-risk"), another=True
        )

    def _issued(self) -> tuple[RespondentLink, str]:
        if self.state == "valid_share_link":
            return links.share(by=self.sam, run=self.run)
        [asked] = respondents.add(by=self.sam, run=self.run, people=[Person("Ann Asked", "ann@example.org")])
        return links.issue(by=self.sam, respondent=asked)

    def _came_in(self) -> Client:
        visitor = cast.visitor(at="harbor")
        assert visitor.post(reverse("guest_link", args=[self.token]), {"name": "Ann"}).status_code == 303
        return visitor

    def _changed(self) -> None:
        """The link, or what it leads to, becomes what the state says, after the person was in."""
        if self.state == "already_submitted":
            self._answer_everything()
            assert self._behind("client:submission", self.run, post={}).status_code == 303
        if self.state == "expired":
            RespondentLink.objects.filter(pk=self.link.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
        if self.state == "revoked":
            links.revoke(by=self.sam, link=self.link)
        if self.state == "assessment_closed":
            assessments.close(by=self.sam, assessment=self.run, note="The company was sold")
        if self.state == "account_deleted_or_suspended":
            Account.objects.filter(pk=self.run.account_id).update(deleted_at=timezone.now())

    def _tried_token(self) -> str:
        return self.token[:-4] + "AAAA" if self.state == "guessed_or_truncated" else self.token

    def _question(self) -> str:
        return cast.document("vendor-risk").questions()[0].key

    def _said(self) -> dict[str, object]:
        question = cast.document("vendor-risk").questions()[0]
        return {"value": cast.some_answer(question), "state": "answered", "revision": "1"}

    def _answer_everything(self) -> None:
        cast.answer_everything(by=self.sam, assessment=self.run)

    def _behind(self, route: str, run: Assessment, *more: str, post: dict | None = None) -> HttpResponse:
        account = cast.account("Cobalt").pk if self.state == "valid_but_for_another_account" else run.account_id
        return self._get(reverse(route, args=[account, run.pk, *more]), post)

    def _get(self, address: str, post: dict | None = None) -> HttpResponse:
        visitor = self.visitor
        link = self.link.pk
        if self.state == "guessed_or_truncated":
            visitor = cast.visitor(at="harbor")  # who guesses has not been let in: no cookie
        behind = f"/with/{link}{address}"
        return visitor.get(behind) if post is None else visitor.post(behind, post)
