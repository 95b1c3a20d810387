"""The page about one definition: what it measures, who should answer, what one gets, and the account's earlier runs."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from accounts.viewer import Viewer
from assessments.lists import standing
from assessments.models import Assessment
from library.document import Attribution, DefinitionDocument
from library.models import Definition
from library.versions import document_of
from portal.client import library_cards
from portal.web import markdown

EARLIER_RUNS = 5


@dataclass(frozen=True, slots=True)
class About:
    """`sections` are (name, number of questions); `runs` the account's last ones with their next steps.

    `sample_report` is a web address elsewhere, or "".
    """

    card: library_cards.Card
    description: SafeString
    sections: list[tuple[str, int]]
    is_scored: bool
    instant_results: bool
    attribution: Attribution | None
    sample_report: str
    tags: list[str]
    runs: list[tuple[Assessment, standing.Step | None]]


def about(viewer: Viewer, definition: Definition) -> About:
    """This will gather what the page shows of a definition read with its group and its published version."""
    document = document_of(definition.published_version)
    next_step = standing.next_steps(viewer)
    runs = Assessment.objects.visible_to(viewer).filter(definition=definition).order_by("-updated_at", "-id")
    return About(
        card=library_cards.deal(viewer, [definition])[0],
        description=markdown.render(document.description or document.summary),
        sections=sections_of(document),
        is_scored=document.scoring is not None,
        instant_results=document.instant_results,
        attribution=document.attribution,
        sample_report=document.sample_report,
        tags=definition.tags,
        runs=[(run, next_step(run)) for run in runs[:EARLIER_RUNS]],
    )


def sections_of(document: DefinitionDocument) -> list[tuple[str, int]]:
    """This will list the top-level sections: (name, number of questions, those in sections inside it included)."""
    return [(section.name, sum(1 for _question in section.all_questions())) for section in document.sections]
