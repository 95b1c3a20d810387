"""The form of the scale: its ends, what missing answers count as, which scores are shown, and the zones."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from library.authoring.scoring_words import STATES, TONES, TREATMENTS
from library.document import DefinitionDocument, Scoring

from .score_inputs import offered_scores
from .typed_fields import Field, Reading, Wrong, choices, next_id, number, plain, row_ids, whole


@dataclass(frozen=True)
class TypedZone:
    """One zone: where it begins, what it is called. It ends where the next one begins."""

    id: str
    label: str = ""
    start: str = ""
    tone: str = "b1"
    description: str = ""


@dataclass(frozen=True)
class TypedScoring:
    """The form of the scale, as typed. `sections` maps sections to the scores shown for them."""

    texts: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    zones: tuple[TypedZone, ...] = ()

    @classmethod
    def of_form(cls, fields: QueryDict) -> Self:
        names = ("min", "max", "unit", "decimals", "overall", *(f"treatment-{state}" for state in STATES))
        start = "section-"
        return cls(
            {name: str(fields.get(name, "")) for name in names},
            {name.removeprefix(start): str(fields.get(name)) for name in fields if name.startswith(start)},
            tuple(
                TypedZone(given, *(str(fields.get(f"zone-{given}-{name}", "")) for name in ("label", "from", "tone", "description")))
                for given in row_ids(fields, "zone", 12)
            ),
        )  # fmt: skip

    @classmethod
    def of_scoring(cls, scoring: Scoring) -> Self:
        return cls(
            {
                "min": plain(scoring.scale.min),
                "max": plain(scoring.scale.max),
                "unit": scoring.scale.unit,
                "decimals": plain(scoring.scale.decimals),
                "overall": scoring.overall,
                **{f"treatment-{state}": getattr(scoring.treatment, state) for state in STATES},
            },
            dict(scoring.sections),
            tuple(
                TypedZone(str(at), zone.label, plain(zone.start), zone.tone, zone.description)
                for at, zone in enumerate(scoring.zones)
            ),
        )

    def done(self, doing: str) -> Self:
        """This will add a zone at the end, or remove one; the others then reach further."""
        verb, _colon, rest = doing.partition(":")
        if verb == "zone-add" and len(self.zones) < 12:
            return replace(self, zones=(*self.zones, self._another_zone()))
        if verb == "zone-remove":
            return replace(self, zones=tuple(zone for zone in self.zones if zone.id != rest))
        return self

    def _another_zone(self) -> TypedZone:
        """The last zone is cut in half: whatever is added, the zones cover the scale."""
        tones = list(TONES)
        tone = tones[min(len(self.zones), len(tones) - 1)]
        try:
            low = number(self.zones[-1].start if len(self.zones) > 1 else self.texts.get("min", ""))
            high = number(self.texts.get("max", ""))
        except Wrong:
            low = high = None
        start = "" if not self.zones or low is None or high is None else f"{(low + high) / 2:.6g}"
        return TypedZone(next_id(zone.id for zone in self.zones), "", start, tone)


@dataclass(frozen=True)
class BuiltScoring:
    """What the form of the scale means, as BuiltScore. `zones` are the zones as far as they can be drawn."""

    data: dict[str, Any] | None
    errors: Mapping[str, str]
    missing: Mapping[str, str]
    zones: list[dict[str, Any]]


def built_scoring(document: DefinitionDocument, typed: TypedScoring, was: Mapping[str, Any]) -> BuiltScoring:
    """This will make the data of the part `scoring` from its form; what the form does not show stays as it `was`."""
    reading, texts = Reading(), typed.texts
    low = reading.value("min", lambda: number(texts.get("min", "")), _("Enter a number."))
    high = reading.value("max", lambda: number(texts.get("max", "")), _("Enter a number."))
    if low is not None and high is not None and low >= high:
        reading.errors["max"] = _("Enter a number above %(low)s.") % {"low": plain(low)}
    decimals = reading.value("decimals", lambda: whole(texts.get("decimals", ""), 0, 6))
    zones = _built_zones(typed.zones, low, high, reading)
    data = {
        **was,
        "scale": {"min": low, "max": high, "unit": texts.get("unit", "").strip(), "decimals": decimals or 0},
        "treatment": {state: texts[f"treatment-{state}"] for state in STATES if texts.get(f"treatment-{state}") in TREATMENTS},
        "overall": texts.get("overall") or was.get("overall", ""),
        "sections": {key: score for key, score in typed.sections.items() if score},
        "zones": zones,
    }  # fmt: skip
    is_ready = not reading.errors and not reading.missing
    drawable = [zone for zone in zones if zone.get("from") is not None and zone.get("to") is not None]
    is_whole = len(drawable) == len(zones) and not any(name.startswith("zone") for name in reading.errors)
    return BuiltScoring(data if is_ready else None, reading.errors, reading.missing, drawable if is_whole else [])


def _built_zones(
    zones: tuple[TypedZone, ...], low: float | None, high: float | None, reading: Reading
) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    before = low
    for at, zone in enumerate(zones):
        name = f"zone-{zone.id}"
        label = reading.value(f"{name}-label", lambda zone=zone: zone.label.strip(), _("Enter a name."))
        start = low
        if at:
            start = reading.value(f"{name}-from", lambda zone=zone: number(zone.start), _("Enter where it begins."))
            if start is not None and before is not None and high is not None and not before < start < high:
                message = _("Enter a number above %(low)s and below %(high)s.")
                reading.errors[f"{name}-from"] = message % {"low": plain(before), "high": plain(high)}
        if made:
            made[-1]["to"] = start
        before = start if start is not None else before
        tone = zone.tone if zone.tone in TONES else "b1"
        made.append({"label": label, "from": start, "to": high, "tone": tone, "description": zone.description.strip()})
    return [{name: value for name, value in zone.items() if value != ""} for zone in made]


def draw_scoring(
    document: DefinitionDocument,
    typed: TypedScoring,
    errors: Mapping[str, str] | None = None,
    missing: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """This will lay out the form of the scale for templates/library/staff/editor/scoring.html."""
    errors, missing, texts = errors or {}, missing or {}, typed.texts

    def one(name: str, label: Any, value: str | None = None, kind: str = "text", **more: Any) -> Field:
        given = texts.get(name, "") if value is None else value
        return Field(name, str(label), given, kind, error=errors.get(name, ""), todo=missing.get(name, ""), **more)

    scores = {"": _("No score of its own")} | dict(offered_scores(document))
    ends = [*(zone.start for zone in typed.zones[1:]), texts.get("max", "")]
    return {
        "min": one("min", _("Lowest"), kind="number"),
        "max": one("max", _("Highest"), kind="number"),
        "unit": one("unit", _("Unit"), longest=300, placeholder="%"),
        "decimals": one("decimals", _("Decimals shown"), kind="number"),
        "overall": one("overall", _("The score that is the result"), kind="select", choices=choices(dict(offered_scores(document)), texts.get("overall", ""))),
        "treatments": [
            one(f"treatment-{state}", label, kind="select", hint=str(hint), choices=choices(TREATMENTS, texts.get(f"treatment-{state}", "")))
            for state, (label, hint) in STATES.items()
        ],
        "sections": [
            one(f"section-{section.key}", section.name, kind="select", choices=choices(scores, typed.sections.get(section.key, "")))
            for section in document.all_sections()
        ],
        "zones": [
            {
                "id": zone.id,
                "tone_now": zone.tone,
                "is_first": at == 0,
                "end": end,
                "label": one(f"zone-{zone.id}-label", _("Name"), zone.label, longest=200),
                "from": one(f"zone-{zone.id}-from", _("From"), texts.get("min", "") if at == 0 else zone.start, "number"),
                "tone": one(f"zone-{zone.id}-tone", _("Color"), kind="select", choices=choices(TONES, zone.tone)),
                "description": one(f"zone-{zone.id}-description", _("What it means"), zone.description, "area", longest=20000),
            }
            for at, (zone, end) in enumerate(zip(typed.zones, ends, strict=False))
        ],
        "may_add_zone": len(typed.zones) < 12,
        "errors": list(dict.fromkeys(errors.values())),
    }  # fmt: skip
