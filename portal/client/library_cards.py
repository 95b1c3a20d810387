"""The Library as one account sees it: the cards, and how far the account is with each. Five queries at most."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.lists import standing
from assessments.models import Assessment, Status
from library import cards
from library.models import Definition
from portal.web import addresses
from portal.web.figures import number
from portal.web.templatetags import ui

FIRST = 24
MOST = 960


@dataclass(frozen=True)
class Filter:
    """What of the Library is shown, as it stands in the address. Whatever is not understood is left out."""

    words: str = ""
    group: str = ""
    order: str = cards.RECOMMENDED
    show: int = FIRST

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `q`, `group`, `sort` and `show`."""
        order, show = query.get("sort", ""), query.get("show", "")
        return cls(
            query.get("q", "").replace("\x00", "").strip()[:100],
            query.get("group", "").replace("\x00", "")[:60],
            order if order in dict(cards.ORDERS) else cards.RECOMMENDED,
            min(max(int(show), FIRST), MOST) if show.isascii() and show.isdigit() and len(show) < 5 else FIRST,
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether the filter may leave something out."""
        return bool(self.words or self.group)

    def query(self, show: int) -> str:
        """This will write the filter as an address's query, with so many cards shown."""
        named = {"q": self.words, "group": self.group, "sort": self.order, "show": str(show) if show > FIRST else ""}
        return "?" + urlencode({name: value for name, value in named.items() if value})


@dataclass(frozen=True, slots=True)
class Card:
    """One card, every word and address of it made, so that a template with many has nothing to work out.

    `state` is new, open, review, done or "" (not taken yet). `step` leads on with the run that is there; without one,
    `launch_url` takes a POST, "" where the viewer may not launch. `answered` of `asked` draw the bar of a started run.
    """

    name: str
    summary: str
    icon: str
    tone: str
    group: str
    questions: str
    minutes: str
    url: str
    launch_url: str
    step: standing.Step | None
    state: str
    badge: SafeString | str
    note: SafeString | str
    answered: int = 0
    asked: int = 0
    score: str = ""
    score_of: str = ""
    score_tone: str = ""

    @property
    def has_run(self) -> bool:
        """This will say whether the account took it before or is taking it now."""
        return self.state in ("open", "review", "done")


@dataclass
class Shelf:
    """The Library page. What only the whole page shows is counted only when the whole page is drawn."""

    viewer: Viewer
    chosen: Filter

    @property
    def may_launch(self) -> bool:
        """This will say whether the viewer may start what stands here."""
        return self.viewer.can(Can.LAUNCH_ASSESSMENTS)

    @cached_property
    def groups(self) -> list[tuple[str, int]]:
        """This will count the cards of every group, whatever the filter says."""
        return [row for row in self._shelves if row[0]]

    @cached_property
    def total(self) -> int:
        """This will count everything in the Library."""
        return sum(count for _name, count in self._shelves)

    @cached_property
    def found(self) -> int:
        """This will count what the filter leaves."""
        return self._definitions.count() if self.chosen.is_narrow else self.total

    @cached_property
    def cards(self) -> list[Card]:
        """This will read the cards to show."""
        runs = Assessment.objects.visible_to(self.viewer).open().filter(definition=OuterRef("pk"))
        definitions = self._definitions.annotate(is_open=Exists(runs)).select_related("group")
        return deal(self.viewer, cards.ordered(definitions, self.chosen.order, "-is_open")[: self.chosen.show])

    @property
    def more_query(self) -> str:
        """This will be the query of the same page with more cards, "" when all are shown."""
        return self.chosen.query(self.chosen.show + FIRST) if self.found > self.chosen.show else ""

    @cached_property
    def _shelves(self) -> list[tuple[str, int]]:
        return cards.shelves(cards.library_of(self.viewer))

    @cached_property
    def _definitions(self) -> Any:
        return cards.found(cards.library_of(self.viewer), self.chosen.words, self.chosen.group)


def deal(viewer: Viewer, definitions: Iterable[Definition]) -> list[Card]:
    """This will make the cards of definitions read by `cards.library_of`, with one more query for all their runs."""
    definitions = list(definitions)
    runs = standing.current_runs(viewer, [definition.id for definition in definitions])
    make = _maker(viewer)
    return [make(definition, runs.get(definition.id)) for definition in definitions]


def highlights(viewer: Viewer, most: int = 3) -> list[Card]:
    """This will make the cards of what the account never took, the newest in its Library first."""
    taken = Assessment.objects.visible_to(viewer).filter(definition=OuterRef("pk"))
    untaken = cards.library_of(viewer).exclude(Exists(taken)).select_related("group")
    make = _maker(viewer)
    return [make(definition, None) for definition in cards.ordered(untaken, cards.NEWEST)[:most]]


def _maker(viewer: Viewer) -> Any:
    account_id = viewer.account.id if viewer.account else None
    page, launch = addresses.of_each("client:library_card", account_id), addresses.of_each("client:launch", account_id)
    next_step, may_launch = standing.next_steps(viewer), viewer.can(Can.LAUNCH_ASSESSMENTS)
    may_see_scores = viewer.can(Can.VIEW_RESULTS)

    def make(definition: Definition, run: Assessment | None) -> Card:
        count, minutes = definition.question_count, definition.minutes
        return Card(
            name=definition.name,
            summary=definition.summary,
            icon=definition.icon,
            tone=definition.tone,
            group=definition.group.name if definition.group else "",
            questions=ngettext("%(count)d question", "%(count)d questions", count) % {"count": count},
            minutes=_("%(minutes)d min") % {"minutes": minutes},
            url=page(definition.id),
            launch_url=launch(definition.id) if may_launch else "",
            step=next_step(run) if run else None,
            **(_how_it_stands(run, may_see_scores) if run else _not_taken(definition)),
        )

    return make


def _not_taken(definition: Definition) -> dict[str, Any]:
    is_new = cards.is_new(definition)
    return {
        "state": "new" if is_new else "",
        "badge": ui.badge(_("New"), "brand") if is_new else "",
        "note": _("Not taken yet"),
    }


def _how_it_stands(run: Assessment, may_see_scores: bool) -> dict[str, Any]:
    if run.is_open:
        facts = {"state": "open", "badge": ui.status(run.status), "note": _not_started(run)}
        return facts | ({"answered": run.answered_count, "asked": run.question_count} if run.answered_count else {})
    when = ui.ago(run.submitted_at)
    if run.status == Status.RESULTS_REVIEW:
        return {
            "state": "review",
            "badge": ui.status(run.status),
            "note": format_html(_("Submitted {when}"), when=when),
        }
    facts = {"state": "done", "badge": "", "note": format_html(_("Completed {when}"), when=when)}
    return facts | (_score_of(run) if may_see_scores and run.is_released else {})


def _not_started(run: Assessment) -> SafeString | str:
    return format_html(_("Due {day}"), day=ui.day(run.due_on)) if run.due_on else _("Not started")


def _score_of(run: Any) -> dict[str, str]:
    if run.score is None or not run.scale:
        return {}
    return {
        "score": number(run.score, run.scale.get("decimals", 0)),
        "score_of": number(run.scale["max"]),
        "score_tone": run.tone or "",
    }
