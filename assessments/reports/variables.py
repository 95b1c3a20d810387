"""What the texts of a report can say about a run: each variable by name, with what it is and an example."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.fields import custom_data
from accounts.models import CustomField, Organization
from portal.web.liquid import EACH

if TYPE_CHECKING:
    from .material import Material

# (name, what it is, example). A list's fields follow as "name[].field".
DESCRIBED: tuple[tuple[str, Any, str], ...] = (
    ("account.name", _("The account the report is for"), "Northwind Dental"),
    ("account.industry", _("Its industry"), "Health Care and Social Assistance"),
    ("organization.name", _("Who makes the report"), "Harbor IT"),
    ("assessment.name", _("The assessment"), "Business resilience"),
    ("assessment.definition", _("The definition it was made from"), "Business resilience"),
    ("assessment.version", _("The definition's version"), "3"),
    ("report.name", _("The name of this template"), "Detailed report"),
    ("submitted_on", _("The day of the submission"), "November 14, 2026"),
    ("released_on", _("The day of the release; empty before"), "November 21, 2026"),
    ("respondents", _("How many people answered"), "3"),
    ("score", _("The overall score, as shown"), "62"),
    ("score_percent", _("The same from 0 to 100, a number to compare with"), "62"),
    ("score_maximum", _("The end of the scale"), "100"),
    ("score_submitted", _("The score before the review; empty when the review changed nothing"), "58"),
    ("zone", _("The zone the score lies in"), "Managed"),
    ("zone_description", _("What the definition says about that zone"), "Most of what matters is in place."),
    ("next_step", _("How far the next zone is, as a sentence"), "18 points more would reach Strong."),
    ("reference", _("The published figure to compare with"), "61"),
    ("reference_label", _("Whose figure that is"), "Health care"),
    ("difference", _("The score minus that figure"), "+1"),
    ("sections", _("The areas in order, to go through with “for”"), ""),
    ("sections[].name", _("Name of an area"), "Backup and recovery"),
    ("sections[].score", _("Its score, as shown"), "48"),
    ("sections[].percent", _("The same from 0 to 100, a number"), "48"),
    ("sections[].zone", _("Its zone"), "Developing"),
    ("sections[].difference", _("Difference to the published figure"), "−7"),
    ("strongest", _("The three best areas, best first; the same fields"), ""),
    ("weakest", _("The three weakest areas, weakest first; the same fields"), ""),
    ("findings.total", _("How many findings there are"), "7"),
    ("findings.critical", _("… of them critical"), "1"),
    ("findings.high", _("… high"), "2"),
    ("findings.medium", _("… medium"), "3"),
    ("findings.low", _("… low"), "1"),
    ("actions.total", _("How many actions were agreed"), "5"),
    ("actions.open", _("… of them not done"), "4"),
    ("actions.done", _("… done"), "1"),
    ("answers.asked", _("How many questions were asked"), "84"),
    ("answers.answered", _("… answered"), "80"),
    ("answers.unanswered", _("… left open"), "2"),
    ("answers.dont_know", _("… answered with “I'm not sure”"), "1"),
    ("answers.not_applicable", _("… that do not apply"), "1"),
    ("previous.score", _("The score of the run before; empty for the first"), "55"),
    ("previous.submitted_on", _("The day of the run before"), "May 20, 2026"),
    ("previous.change", _("How the score changed since; empty when other questions were asked"), "+7"),
)
_AREA = ("name", "score", "percent", "zone", "difference")
_LISTS = ("sections", "strongest", "weakest")
_NUMBERS = ("score_percent", "respondents")


def _shape() -> dict[str, Any]:
    shape: dict[str, Any] = {}
    for name, _words, _example in DESCRIBED:
        if name.endswith("[]") or "[]." in name:
            continue
        head, _dot, field = name.partition(".")
        if field:
            shape.setdefault(head, {})[field] = ""
        else:
            shape[head] = {EACH: dict.fromkeys(_AREA, "")} if head in _LISTS else ""
    return shape


SHAPE: Mapping[str, Any] = _shape()


def shape_with(custom: Collection[str] | None) -> Mapping[str, Any]:
    """This will be what a template can name, the organization's own fields of accounts among it; with None, any of
    them: a template that comes from elsewhere is checked for the rest."""
    fields = None if custom is None else dict.fromkeys(custom, "")
    return {**SHAPE, "account": {**SHAPE["account"], "custom": fields}}


def custom_fields_of(organization: Organization) -> list[custom_data.Field]:
    """This will return the organization's own fields of accounts that a report may show: those its client may see."""
    return custom_data.for_client(custom_data.fields_of(organization, CustomField.On.ACCOUNT))


def custom_keys_of(organization: Organization) -> list[str]:
    """This will name the fields that stand in a report as `account.custom.` and their key."""
    return [field.key for field in custom_fields_of(organization)]


def described_for(organization: Organization) -> list[tuple[str, Any, str]]:
    """This will list every variable, the organization's own fields behind the other facts of the account."""
    custom = [(f"account.custom.{field.key}", field.label, "") for field in custom_fields_of(organization)]
    after = next(place for place, (name, _words, _example) in enumerate(DESCRIBED) if not name.startswith("account."))
    return [*DESCRIBED[:after], *custom, *DESCRIBED[after:]]


def sample() -> dict[str, Any]:
    """This will fill every variable with its example: what a template is tried with when there is no run."""
    values: dict[str, Any] = {}
    examples = {name.partition("[].")[2]: example for name, _words, example in DESCRIBED if "[]." in name}
    area = examples | {"percent": 48}
    for name, _words, example in DESCRIBED:
        if "[]." in name:
            continue
        head, _dot, field = name.partition(".")
        if head in _LISTS:
            values[head] = [dict(area) for _place in range(3)]
        elif field:
            number = head in ("findings", "actions", "answers")
            values.setdefault(head, {})[field] = int(example) if number else example
        else:
            values[head] = int(example) if head in _NUMBERS else example
    return values


def of(material: "Material") -> dict[str, Any]:
    """This will say all of it about a run. What is not there is nil: in Liquid an empty text would count as true."""
    return _without_empties(_of(material))


def _without_empties(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_empties(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_empties(item) for item in value]
    return None if value == "" else value


def _of(material: "Material") -> dict[str, Any]:
    score, run = material.score, material.assessed
    reference = score["reference"] if score else None
    difference = reference["difference"] if reference else None
    percent = score["percent"]["raw"] if score else None
    submitted = score["submitted"] if score else None
    tops = material.top_areas
    before = material.before
    return {
        "account": {
            "name": material.run.account.name,
            "industry": material.industry,
            "custom": {
                field.key: custom_data.shown(field, material.run.account.custom.get(field.key))
                for field in custom_fields_of(material.organization)
            },
        },
        "organization": {"name": material.organization.name},
        "assessment": {"name": run["name"], "definition": run["definition"], "version": run["version"]},
        "report": {"name": material.template.name},
        "submitted_on": run["submitted"]["shown"],
        "released_on": run["released"]["shown"],
        "respondents": run["respondents"],
        "score": score["value"]["shown"] if score else "",
        "score_percent": None if percent is None else round(percent, 1),
        "score_maximum": score["maximum"] if score else "",
        "score_submitted": submitted["shown"] if submitted else "",
        "zone": score["zone"] if score else "",
        "zone_description": score["description"] if score else "",
        "next_step": score["next"] if score else "",
        "reference": reference["value"]["shown"] if reference else "",
        "reference_label": reference["label"] if reference else "",
        "difference": difference["shown"] if difference else "",
        "sections": [_area(material, area) for area in tops],
        "strongest": [_area(material, area) for area in material.strongest(3)],
        "weakest": [_area(material, area) for area in material.weakest(3)],
        "findings": material.finding_counts,
        "actions": material.action_counts,
        "answers": dict(material.answer_counts),
        "previous": {
            "score": before["value"]["shown"] if before else "",
            "submitted_on": before["submitted"]["shown"] if before else "",
            "change": material.change["shown"] if before and material.change else "",
        },
    }


def _area(material: "Material", area: Mapping[str, Any]) -> dict[str, Any]:
    percent = material.percent_of(area["key"])
    return {
        "name": area["name"],
        "score": area["value"]["shown"],
        "percent": None if percent is None else round(percent, 1),
        "zone": area["zone"],
        "difference": area["difference"]["shown"] if area["difference"] else "",
    }
