"""What Home shows: the components of the account's layout, in order. Each reads its own things, the same number of queries
however much there is; what is not shown is not read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Case, DateField, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import dashboards
from accounts.dashboards import ALL, NARROW, WIDE, Component
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.lists import standing
from assessments.models import OPEN, Assessment, Result, Status
from assessments.review import threads
from library.document import DefinitionDocument
from library.versions import document_of
from portal.client import library_cards, score_card

RESULTS_ARE_NEWS_FOR = timedelta(days=30)
ROWS = 5
WAITING = 6


@dataclass(frozen=True, slots=True)
class SectionStep:
    """One section in the hero's row of steps. `state` is done, now or ""."""

    name: str
    answered: int
    asked: int
    state: str


@dataclass(frozen=True, slots=True)
class NextRun:
    """The run to go on with. `minutes` is an estimate of what is left, `section` the one the next question is in."""

    run: Assessment
    step: standing.Step
    copy_path: str
    minutes: int
    section: str
    sections: list[SectionStep]

    @property
    def is_complete(self) -> bool:
        """This will say whether every question asked has its answer."""
        return self.run.answered_count >= self.run.question_count


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of "Waiting on you". `status` is the badge: overdue, not_started, in_progress or closed."""

    title: str
    url: str
    icon: str
    tone: str
    status: str
    due_on: date | None = None
    released_at: datetime | None = None
    released_by: str = ""
    # When somebody asked about an answer.
    asked_at: datetime | None = None
    answered: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of assessments."""

    run: Assessment
    step: standing.Step | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A component with what it has to show."""

    component: Component
    content: Mapping[str, Any]

    @property
    def template(self) -> str:
        return self.component.template


@dataclass(frozen=True, slots=True)
class Band:
    """One or two components side by side. `shape` is "" for a wide one before a narrow one, flip or even."""

    drawn: list[Drawn]
    shape: str = ""

    @property
    def is_whole(self) -> bool:
        """This will say whether one component has the whole width."""
        return len(self.drawn) == 1


@dataclass
class Dashboard:
    """Home of one viewer. Each part is read when its component asks for it.

    `tried` is an arrangement somebody wants to look at before saving it, in one line.
    """

    viewer: Viewer
    tried: str | None = field(default=None)

    @cached_property
    def bands(self) -> list[Band]:
        """This will draw the components of the layout, and put two beside each other where they fit."""
        return bands([Drawn(one, content) for one, content in self._contents if content is not None])

    @property
    def _contents(self) -> list[tuple[Component, Mapping[str, Any] | None]]:
        if self.tried is None:
            places = dashboards.layouts_of(self.viewer, self.viewer.account).places
        else:
            places = dashboards.placed(dashboards.stored_of(self.tried))
        return [(one, one.content(self)) for one in dashboards.for_home(self.viewer, places)]

    @cached_property
    def greeting(self) -> str:
        """This will greet by the time of day where the account is; a preview as a role greets nobody by name."""
        hour = timezone.localtime().hour
        hello = _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
        person = self.viewer.person
        return f"{hello}, {person.get_short_name()}" if person else hello

    @cached_property
    def total(self) -> int:
        """This will count the account's assessments."""
        return self._runs.count()

    @property
    def is_first_visit(self) -> bool:
        """This will say whether there is nothing yet to show figures of."""
        return self.total == 0

    @cached_property
    def next_run(self) -> NextRun | None:
        """This will pick the one next step: the run saved last, else the one due first."""
        if not self.viewer.can(Can.ANSWER_ASSESSMENTS):
            return None
        started = Case(When(answered_count__gt=0, then=Value(True)), default=Value(False), output_field=BooleanField())
        due = Case(When(answered_count=0, then=F("due_on")), output_field=DateField())
        run = (
            self._runs.open()
            .filter(standing.concerns(self.viewer))
            .annotate(started=started, due=due)
            .order_by("-started", F("due").asc(nulls_last=True), "-updated_at", "-id")
            .select_related("version", "last_saved_by")
            .defer("version__document")
            .first()
        )
        return self._next(*standing.as_answered_by(self.viewer, [run])) if run else None

    @property
    def can_see_results(self) -> bool:
        """This will say whether scores may stand on the page."""
        return self.viewer.can(Can.VIEW_RESULTS)

    @property
    def waiting(self) -> list[Waiting]:
        """This will list what the account has to do or to read, what is due first on top."""
        return self._waiting_and_one_more[:WAITING]

    @property
    def waits_more(self) -> bool:
        """This will say whether more is waiting than the list shows."""
        return len(self._waiting_and_one_more) > WAITING

    @cached_property
    def _waiting_and_one_more(self) -> list[Waiting]:
        wanted = standing.waits_for_client(self.viewer)
        if self.can_see_results:
            news = timezone.now() - RESULTS_ARE_NEWS_FOR
            wanted |= Q(status=Status.CLOSED, released_at__gte=news)
        due = Case(When(status__in=OPEN, then=F("due_on")), output_field=DateField())
        runs = (
            self._runs.filter(wanted)
            .annotate(due=due)
            .order_by(F("due").asc(nulls_last=True), "-updated_at", "-id")
            .select_related("released_by")
        )
        found = standing.as_answered_by(self.viewer, runs[: WAITING + 1])
        return [*self._asked_back, *(item for run in found if (item := self._waiting(run)))][: WAITING + 1]

    @property
    def _asked_back(self) -> list[Waiting]:
        """Questions about answers come first: somebody waits for the reply."""
        if not self.viewer.can(Can.ANSWER_ASSESSMENTS):
            return []
        title = _("Reply about your answer in %(name)s")
        return [
            Waiting(
                title % {"name": row.assessment.name},
                threads.url_of(row),
                "message-reply",
                "t4",
                status="waiting_on_you",
                asked_at=row.created_at,
            )
            for row in threads.waiting_for(self.viewer)
        ]

    @cached_property
    def score(self) -> score_card.ScoreCard | None:
        """This will draw the latest released result that has a score."""
        if not self.can_see_results:
            return None
        result = (
            Result.objects.visible_to(self.viewer)
            .filter(assessment__status=Status.CLOSED, assessment__released_at__isnull=False, score__isnull=False)
            .filter(assessment__deleted_at=None)
            .select_related("assessment", "assessment__version")
            .defer("assessment__version__document")
            .order_by("-assessment__released_at", "-id")
            .first()
        )
        return score_card.draw(self.viewer, result) if result else None

    @cached_property
    def under_review(self) -> Assessment | None:
        """This will return the run whose results somebody is looking at, the last one submitted."""
        return self._runs.filter(status=Status.RESULTS_REVIEW).order_by("-submitted_at", "-id").first()

    @cached_property
    def rows(self) -> list[Row]:
        """This will return the runs that changed last."""
        runs = self._runs.order_by("-updated_at", "-id")[:ROWS]
        return [Row(run, self._step(run)) for run in standing.as_answered_by(self.viewer, runs)]

    @cached_property
    def highlights(self) -> list[library_cards.Card]:
        """This will return what the account never took, newest first; nothing for who may not browse the Library."""
        return library_cards.highlights(self.viewer) if self.viewer.can(Can.BROWSE_LIBRARY) else []

    @property
    def suggestion(self) -> library_cards.Card | None:
        """This will return what to start when nothing is open: the newest in the Library, for who may launch it."""
        may_launch = self.viewer.can(Can.LAUNCH_ASSESSMENTS)
        return self.highlights[0] if may_launch and self.highlights else None

    @property
    def _runs(self) -> QuerySet[Assessment]:
        return Assessment.objects.visible_to(self.viewer).select_related("definition", "definition__group")

    @cached_property
    def _step(self) -> Any:
        return standing.next_steps(self.viewer)

    def _next(self, run: Assessment) -> NextRun:
        document = document_of(run.version)
        upcoming = document.section_of(run.progress.get("next", ""))
        left = run.question_count - run.answered_count
        minutes = max(1, round(document.minutes * left / run.question_count)) if run.question_count else 1
        return NextRun(
            run=run,
            step=self._step(run),
            copy_path=reverse("client:take", args=[run.account_id, run.id]),
            minutes=minutes,
            section=upcoming.name if upcoming else "",
            sections=_sections(document, run.progress.get("sections", {}), upcoming.key if upcoming else ""),
        )

    def _waiting(self, run: Assessment) -> Waiting | None:
        step = self._step(run)
        if step is None:
            return None
        looks = {"icon": run.definition.icon, "tone": run.definition.tone, "url": step.url}
        if not run.is_open:
            title = _("Read your %(name)s results") % {"name": run.name}
            by = run.released_by.name if run.released_by else ""
            return Waiting(title, status="closed", released_at=run.released_at, released_by=by, **looks)
        words = _("Continue %(name)s") if run.answered_count else _("Start %(name)s")
        late = run.due_on is not None and run.due_on < timezone.localdate()
        return Waiting(
            words % {"name": run.name},
            status="overdue" if late else run.shown_status,
            due_on=run.due_on,
            answered=run.answered_count,
            asked=run.question_count,
            **looks,
        )


def bands(drawn: Sequence[Drawn]) -> list[Band]:
    """This will pair neighbors that fit beside each other: a wide one with a narrow one, or two narrow ones."""
    found: list[Band] = []
    for one in drawn:
        before = found[-1] if found and found[-1].is_whole else None
        sizes = (before.drawn[0].component.size if before else ALL, one.component.size)
        if before is None or ALL in sizes or sizes == (WIDE, WIDE):
            found.append(Band([one]))
        else:
            shape = "even" if sizes == (NARROW, NARROW) else "flip" if sizes == (NARROW, WIDE) else ""
            found[-1] = Band([before.drawn[0], one], shape)
    return found


def _sections(document: DefinitionDocument, counts: dict[str, Sequence[int]], current: str) -> list[SectionStep]:
    steps = []
    for section in document.sections:
        answered, asked = counts.get(section.key, (0, 0))
        if not asked:
            continue
        state = "done" if answered == asked else "now" if section.key == current else ""
        steps.append(SectionStep(section.name, answered, asked, state))
    return steps
