"""Arranging Home before it is saved: the draft a form carries, and the preview beside it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from accounts import dashboards, previews, viewpoints
from accounts.actions.dashboards import ARRANGED
from accounts.dashboards import Layouts, Place
from accounts.models import Account, AuditEntry
from accounts.roles import Can
from accounts.viewer import Viewer, viewer_of_account
from portal.web.ids import uuid_in

SEEN_FIRST = "company-admin"
CHANGES = 10
ACCOUNTS_OFFERED = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One component in the editor. A `fixed` one stands as the default has it."""

    place: Place
    is_first: bool
    is_last: bool
    fixed: bool

    @property
    def component(self) -> Any:
        return self.place.component


@dataclass(frozen=True, slots=True)
class Change:
    """One line of who changed what."""

    id: uuid.UUID
    actor: str
    at: datetime
    words: list[str]
    is_present: bool


@dataclass(frozen=True)
class Editor:
    """The layout of an account, or of the organization without one, as it stands in a form that nobody saved yet."""

    viewer: Viewer
    account: Account | None
    layouts: Layouts
    draft: list[Place]
    seen_as: str = SEEN_FIRST
    # Whose Home the preview shows.
    seen_at: Account | None = None
    width: str = "desktop"

    @classmethod
    def of_request(cls, request: HttpRequest, viewer: Viewer, account: Account | None) -> "Editor":
        """This will read the draft from the form, else from the address, else what is saved."""
        layouts = dashboards.layouts_of(viewer, account)
        asked = request.POST if request.method == "POST" else request.GET
        editor = cls(
            viewer, account, layouts, _draft(layouts, account, asked),
            asked.get("as", SEEN_FIRST)[:80], account or _account(viewer, asked.get("at", "")),
            "phone" if asked.get("width") == "phone" else "desktop",
        )  # fmt: skip
        for word, step in (("up", -1), ("down", 1)):
            if key := asked.get(word):
                moved = dashboards.moved(editor.draft, key, step, over_locks=account is None)
                editor = replace(editor, draft=moved)
        return editor

    @property
    def is_default(self) -> bool:
        """This will say whether it is the organization's default that is arranged."""
        return self.account is None

    @property
    def saved(self) -> list[Place]:
        return self.layouts.default if self.is_default else self.layouts.places

    @property
    def row(self) -> Any:
        return self.layouts.default_row if self.is_default else self.layouts.own_row

    @property
    def revision(self) -> int:
        """This will be the revision a change is made at; 0 where nothing is stored yet."""
        return self.row.revision if self.row else 0

    @property
    def is_changed(self) -> bool:
        """This will say whether the draft differs from what is saved."""
        return self.code != dashboards.code_of(self.saved)

    @property
    def may_reset(self) -> bool:
        """This will say whether something departs from the default."""
        return bool(self.row and self.row.components)

    @property
    def code(self) -> str:
        """This will be the draft in one line."""
        return dashboards.code_of(self.draft)

    @property
    def stored(self) -> list[dict[str, Any]]:
        """This will be the draft as it is stored."""
        return dashboards.stored_form(self.draft, with_locks=self.is_default)

    @property
    def rows(self) -> list[Row]:
        """This will be the components of the draft, in order."""
        free = [place.key for place in self.draft if self.is_default or not place.locked]
        return [
            Row(place, place.key == free[0] if free else True, place.key == free[-1] if free else True,
                fixed=place.locked and not self.is_default)
            for place in self.draft
        ]  # fmt: skip

    @property
    def shown_count(self) -> int:
        return sum(place.shown for place in self.draft)

    # --- The preview ---------------------------------------------------------------------------------------------

    @cached_property
    def viewpoints(self) -> list[viewpoints.Group]:
        """This will list whose eyes the preview can look through."""
        return viewpoints.grouped(self.seen_at) if self.seen_at else []

    @property
    def viewpoint(self) -> str:
        """This will be the chosen one of them."""
        keys = [one.key for group in self.viewpoints for one in group.choices]
        return self.seen_as if self.seen_as in keys else keys[0] if keys else ""

    @property
    def accounts(self) -> list[Account]:
        """This will list the accounts the organization's default can be tried at."""
        if not self.is_default:
            return []
        return list(Account.objects.visible_to(self.viewer).current().order_by("name")[:ACCOUNTS_OFFERED])

    @property
    def viewer_there(self) -> Viewer | None:
        """This will be the same person on the page of the previewed account."""
        if self.viewer.account is not None or self.seen_at is None or self.viewer.user is None:
            return self.viewer if self.seen_at is not None else None
        return viewer_of_account(self.viewer.user, self.viewer.organization, self.seen_at.id)

    @cached_property
    def frame_url(self) -> str:
        """This will be Home as the draft makes it, through the chosen eyes; "" while no such preview runs."""
        there = self.viewer_there
        if there is None or not there.can(Can.VIEW_AS_CLIENT) or not previews.running(there, self.viewpoint):
            return ""
        assert self.seen_at is not None
        home = reverse("client:home", args=[self.seen_at.id])
        return f"{previews.prefix(self.viewpoint)}{home}?{urlencode({'layout': self.code})}"

    # --- Who changed what ----------------------------------------------------------------------------------------

    @property
    def changes(self) -> list[Change]:
        """This will list the last changes of this layout, newest first."""
        entries = AuditEntry.objects.visible_to(self.viewer).filter(verb=ARRANGED, account=self.account)
        return [
            Change(
                entry.id, entry.actor_name, entry.created_at,
                dashboards.difference(*(entry.details["changes"]["components"])),
                entry.details["revision"] == self.revision,
            )
            for entry in entries.order_by("-created_at", "-id")[:CHANGES]
        ]  # fmt: skip


def _draft(layouts: Layouts, account: Account | None, asked: QueryDict | Mapping[str, Any]) -> list[Place]:
    default = layouts.default if account is not None else None
    if isinstance(asked, QueryDict) and "order" in asked:
        return dashboards.chosen(default, asked.getlist("order"), asked.getlist("shown"), asked.getlist("locked"))
    if code := asked.get("layout", ""):
        stored = dashboards.stored_of(code)
        return dashboards.placed(stored) if default is None else dashboards.under(default, stored)
    return layouts.default if account is None else layouts.places


def _account(viewer: Viewer, asked: str) -> Account | None:
    rows = Account.objects.visible_to(viewer).current()
    wanted = uuid_in(asked)
    found = rows.filter(pk=wanted).first() if wanted else None
    return found or rows.order_by("name").first()
