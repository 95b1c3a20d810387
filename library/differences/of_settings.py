"""What differs in a definition's own fields, its children and its sample answers."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from library.differences.change import Change, Sides, by_key, reordered, words_changed
from library.document import DefinitionDocument, Score
from library.scoring.registry import figure


def changes(sides: Sides) -> Iterator[Change]:
    """This will yield what differs in name, texts and settings, then children."""
    old, new = sides.old, sides.new
    if old.name != new.name:
        words = _("It is now called “%(now)s” instead of “%(then)s”.") % {"now": new.name, "then": old.name}
        yield Change("changed", "settings", words)
    if old.key != new.key:
        words = _("Its key is now “%(now)s” instead of “%(then)s”.") % {"now": new.key, "then": old.key}
        yield Change("changed", "settings", words)
    for called, before, after in _settings(old, new):
        if before != after:
            words = _("%(what)s: now %(now)s, before %(then)s.")
            fill = {"what": called, "now": after or _("none"), "then": before or _("none")}
            yield Change("changed", "settings", words % fill)
    texts = [
        (_("the summary"), old.summary, new.summary),
        (_("the description"), old.description, new.description),
        (_("the attribution"), old.attribution, new.attribution),
        (_("the sample report"), old.sample_report, new.sample_report),
    ]
    yield from words_changed(_("Settings"), "settings", texts)
    if old.instant_results != new.instant_results:
        words = (
            _("Clients now see results as soon as they submit.")
            if new.instant_results
            else _("Clients now see results only when they are released.")
        )
        yield Change("changed", "settings", words)
    yield from _children(sides)


def samples(sides: Sides) -> Iterator[Change]:
    """This will yield which sample answers came, went or were changed; they never change a score."""
    before, after = by_key(sides.old.samples), by_key(sides.new.samples)
    for key, sample in before.items():
        if key not in after:
            yield Change("removed", f"sample:{key}", _("Sample “%(name)s” was removed.") % {"name": sample.name})
    for key, sample in after.items():
        if key not in before:
            yield Change("added", f"sample:{key}", _("Sample “%(name)s” is new.") % {"name": sample.name})
        elif before[key] != sample:
            yield Change("changed", f"sample:{key}", _("Sample “%(name)s” was changed.") % {"name": sample.name})
    if reordered(before, after):
        yield Change("moved", "samples", _("The samples stand in another order."))


def _settings(old: DefinitionDocument, new: DefinitionDocument) -> Iterator[tuple[str, str, str]]:
    yield _("Icon"), old.icon, new.icon
    yield _("Group"), old.group, new.group
    yield _("Tags"), ", ".join(old.tags), ", ".join(new.tags)
    yield _("Language"), old.language, new.language
    yield _("Minutes needed"), _minutes(old), _minutes(new)


def _minutes(document: DefinitionDocument) -> str:
    return str(document.estimated_minutes) if document.estimated_minutes else _("estimated")


def _children(sides: Sides) -> Iterator[Change]:
    before, after = by_key(sides.old.children), by_key(sides.new.children)
    touches = frozenset({"children", *(f"score:{score.key}" for score in _all_scores(sides))})
    for key in before:
        if key not in after:
            yield Change("removed", "children", _("Child “%(child)s” was removed.") % {"child": key}, touches)
    for key, child in after.items():
        if key not in before:
            yield Change("added", "children", _("Child “%(child)s” is new.") % {"child": key}, touches)
            continue
        if before[key].weight != child.weight:
            words = _("Child “%(child)s” now has the weight %(now)s instead of %(then)s.") % {
                "child": key,
                "now": figure(child.weight),
                "then": figure(before[key].weight),
            }
            yield Change("changed", "children", words, touches)
        if before[key].content_hash and child.content_hash and before[key].content_hash != child.content_hash:
            yield Change("changed", "children", _("Child “%(child)s” has other content.") % {"child": key})
    if reordered(before, after):
        yield Change("moved", "children", _("The children stand in another order."), frozenset({"children"}))


def _all_scores(sides: Sides) -> list[Score]:
    return [score for document in (sides.old, sides.new) if document.scoring for score in document.scoring.scores]
