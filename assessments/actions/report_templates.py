"""Every change of a report template. Sections are changed one at a time: two people at two sections never meet, and at
the same one nobody overwrites what they have not seen."""

import copy
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.models import Organization
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import EnabledReport, Report, ReportKind, ReportTemplate
from assessments.reports import checks, sections
from assessments.reports.exchange import Imported
from assessments.reports.variables import custom_keys_of

DEFAULTS = (
    (ReportKind.DETAILED, gettext_lazy("Detailed report"), gettext_lazy("Everything about a run: figures, findings, notes and every answer.")),
    (ReportKind.EXECUTIVE, gettext_lazy("Executive summary"), gettext_lazy("Two pages for the board: where we stand, what matters, what comes next.")),
)  # fmt: skip


class Stale(Exception):
    """Somebody else changed the very thing in the meantime: `standing` is how it stands now, None when it is gone."""

    def __init__(self, template: ReportTemplate, standing: dict[str, Any] | None) -> None:
        self.template, self.standing = template, standing
        super().__init__(template.name)


class HasErrors(Exception):
    """An active template must work, and this would not: `problems` by section."""

    def __init__(self, problems: Mapping[str, list[checks.Problem]]) -> None:
        self.problems = problems
        super().__init__(", ".join(problems))


class Gone(Exception):
    """The template was deleted in the meantime."""


class InUse(Exception):
    """Reports were made with it, or accounts have it: it can be made inactive, not deleted."""


class IsDefault(Exception):
    """One template is always the default; choose another one first."""


class TooMany(Exception):
    """A template has as many sections as it may have."""


def seen(section: Mapping[str, Any]) -> str:
    """This will be the mark of a section as a page shows it, to be sent back with a change of it."""
    return hashlib.sha256(json.dumps(section, sort_keys=True).encode()).hexdigest()[:16]


def seen_of(template: ReportTemplate) -> str:
    """This will be the mark of the name and description as a page shows them."""
    return seen({"name": template.name, "description": template.description})


@transaction.atomic
def furnish(organization: Organization) -> None:
    """This will give an organization without templates the two to begin with; the detailed one is the default."""
    # One at a time, so that two first visits make one set.
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if ReportTemplate.objects.filter(organization=organization).exists():
        return
    for kind, name, description in DEFAULTS:
        ReportTemplate.objects.create(
            organization=organization,
            name=str(name),
            kind=kind,
            description=str(description),
            sections=sections.starting_set(kind),
            is_default=kind == ReportKind.DETAILED,
        )


@transaction.atomic
def create(*, by: Viewer, name: str, kind: str, description: str = "") -> ReportTemplate:
    """This will make a template with the sections its type begins with; inactive until somebody has looked at it.
    Raises ValidationError for a name that is taken."""
    template = ReportTemplate(name=name, kind=kind, description=description, sections=sections.starting_set(kind))
    return _created(by, template, "report_template.created")


@transaction.atomic
def copy_of(*, by: Viewer, template: ReportTemplate) -> ReportTemplate:
    """This will make another template like this one, inactive, under a name of its own."""
    taken = set(ReportTemplate.objects.filter(organization=by.organization).values_list("name", flat=True))
    base = _("Copy of %(name)s") % {"name": template.name}
    name = next(name for number in range(1, 1_000) if (name := _numbered(base, number)) not in taken)
    made = ReportTemplate(
        name=name, kind=template.kind, description=template.description, sections=copy.deepcopy(template.sections)
    )
    return _created(by, made, "report_template.copied", source=template.name)


@transaction.atomic
def take_in(*, by: Viewer, imported: Imported, name: str) -> ReportTemplate:
    """This will make a template from a file that was read without errors; inactive. Raises ValidationError."""
    template = ReportTemplate(
        name=name, kind=imported.kind, description=imported.description, sections=list(imported.sections)
    )
    return _created(by, template, "report_template.imported")


@transaction.atomic
def rename(*, by: Viewer, template: ReportTemplate, name: str, description: str, seen_before: str) -> ReportTemplate:
    """This will change name and description. Raises Stale, ValidationError."""
    template = _locked(by, template)
    if seen_of(template) != seen_before and (template.name, template.description) != (name, description):
        raise Stale(template, {"name": template.name, "description": template.description})
    template.name, template.description = name, description
    _saved(by, template, "report_template.renamed")
    return template


@transaction.atomic
def add_section(*, by: Viewer, template: ReportTemplate, kind: str, after: str = "") -> tuple[ReportTemplate, str]:
    """This will add a section of a kind behind another one, or at the end; its key comes back. Raises TooMany."""
    template = _locked(by, template)
    if len(template.sections) >= sections.MOST_SECTIONS:
        raise TooMany
    section = sections.new(kind)
    keys = sections.keys_of(template.sections)
    at = keys.index(after) + 1 if after in keys else 0 if kind == "cover" else len(keys)
    template.sections.insert(at, section)
    _saved(by, template, "report_template.changed", section=kind, change="added")
    return template, section["key"]


@transaction.atomic
def change_section(
    *, by: Viewer, template: ReportTemplate, key: str, title: str, text: str, options: Mapping[str, Any],
    seen_before: str,
) -> ReportTemplate:  # fmt: skip
    """This will change one section. Raises Stale when somebody else changed it since it was seen, HasErrors when the
    template is active and this would not work."""
    template = _locked(by, template)
    standing = _standing(template, key)
    changed = sections.completed(standing | {"title": title, "text": text, "options": options})
    if changed == sections.completed(standing):
        return template
    if seen(standing) != seen_before:
        raise Stale(template, standing)
    problems = checks.problems_of_section(changed, custom_keys_of(by.organization))
    if template.is_active and any(problem.is_error for problem in problems):
        raise HasErrors({key: problems})
    template.sections = [changed if one["key"] == key else one for one in template.sections]
    _saved(by, template, "report_template.changed", section=standing["kind"], change="edited")
    return template


@transaction.atomic
def move_section(
    *, by: Viewer, template: ReportTemplate, key: str, step: str = "", before: str = "", after: str = ""
) -> ReportTemplate:
    """This will move a section one place ("up", "down"), or beside another one. A neighbor that is gone moves nothing."""
    template = _locked(by, template)
    section = _standing(template, key)
    place = sections.keys_of(template.sections).index(key)
    rest = [one for one in template.sections if one["key"] != key]
    keys = sections.keys_of(rest)
    if step in ("up", "down"):
        place += -1 if step == "up" else 1
    elif before in keys:
        place = keys.index(before)
    elif after in keys:
        place = keys.index(after) + 1
    place = min(max(place, 0), len(rest))
    moved = [*rest[:place], section, *rest[place:]]
    if moved != template.sections:
        template.sections = moved
        _saved(by, template, "report_template.changed", section=section["kind"], change="moved")
    return template


@transaction.atomic
def remove_section(*, by: Viewer, template: ReportTemplate, key: str) -> tuple[ReportTemplate, dict[str, Any], int]:
    """This will take a section out; it comes back with its place, for whoever wants to put it back."""
    template = _locked(by, template)
    section = _standing(template, key)
    place = sections.keys_of(template.sections).index(key)
    template.sections = [one for one in template.sections if one["key"] != key]
    _saved(by, template, "report_template.changed", section=section["kind"], change="removed")
    return template, section, place


@transaction.atomic
def put_back_section(*, by: Viewer, template: ReportTemplate, section: Mapping[str, Any], place: int) -> ReportTemplate:
    """This will put a section that was taken out back to its place. Doing it twice puts it back once."""
    template = _locked(by, template)
    restored = sections.completed(section)
    if restored["key"] in sections.keys_of(template.sections):
        return template
    if len(template.sections) >= sections.MOST_SECTIONS:
        raise TooMany
    problems = checks.problems_of_section(restored, custom_keys_of(by.organization))
    if template.is_active and any(problem.is_error for problem in problems):
        raise HasErrors({restored["key"]: problems})
    template.sections.insert(min(max(place, 0), len(template.sections)), restored)
    _saved(by, template, "report_template.changed", section=restored["kind"], change="put back")
    return template


@transaction.atomic
def activate(*, by: Viewer, template: ReportTemplate, active: bool) -> ReportTemplate:
    """This will let reports be made with a template, or no longer. Raises HasErrors, and IsDefault for making the default
    one inactive. Reports made before stay as they are."""
    template = _locked(by, template)
    if active and (problems := checks.errors_of(template.sections, custom_keys_of(by.organization))):
        raise HasErrors(problems)
    if not active and template.is_default:
        raise IsDefault
    if template.is_active != active:
        template.is_active = active
        _saved(by, template, "report_template.activated" if active else "report_template.deactivated")
    return template


@transaction.atomic
def make_default(*, by: Viewer, template: ReportTemplate) -> ReportTemplate:
    """This will make a template the one used where an account has none; it must be active. Raises HasErrors."""
    _require(by)
    Organization.objects.select_for_update(no_key=True).get(pk=by.organization.pk)
    template = _locked(by, template)
    if problems := checks.errors_of(template.sections, custom_keys_of(by.organization)):
        raise HasErrors(problems)
    ReportTemplate.objects.filter(organization=by.organization, is_default=True).exclude(pk=template.pk).update(
        is_default=False
    )
    if not template.is_default:
        template.is_default = template.is_active = True
        _saved(by, template, "report_template.made_default")
    return template


@transaction.atomic
def delete(*, by: Viewer, template: ReportTemplate) -> None:
    """This will delete a template nobody has used. Raises InUse, IsDefault."""
    template = _locked(by, template)
    if template.is_default:
        raise IsDefault
    if is_used(template):
        raise InUse
    audit.record(by, "report_template.deleted", template)
    template.delete()


def is_used(template: ReportTemplate) -> bool:
    """This will say whether reports were made with a template, or accounts have it."""
    return any(rows.filter(template=template).exists() for rows in (EnabledReport.objects, Report.objects))


def _require(by: Viewer) -> None:
    if Can.MANAGE_REPORT_TEMPLATES.value not in by.organization_abilities:
        raise PermissionDenied(f"needs {Can.MANAGE_REPORT_TEMPLATES.value}")


def _locked(by: Viewer, template: ReportTemplate) -> ReportTemplate:
    _require(by)
    rows = ReportTemplate.objects.select_for_update().filter(organization=by.organization, pk=template.pk)
    found = rows.first()
    if found is None:
        raise Gone
    return found


def _standing(template: ReportTemplate, key: str) -> dict[str, Any]:
    found = next((section for section in template.sections if section["key"] == key), None)
    if found is None:
        raise Stale(template, None)
    return found


def _created(by: Viewer, template: ReportTemplate, verb: str, **details: Any) -> ReportTemplate:
    _require(by)
    template.organization, template.is_active, template.edited_by = by.organization, False, by.user
    _checked(template)
    template.save(force_insert=True)
    audit.record(by, verb, template, **details)
    return template


def _saved(by: Viewer, template: ReportTemplate, verb: str, **details: Any) -> None:
    template.revision, template.edited_by = template.revision + 1, by.user
    _checked(template)
    template.save(force_update=True)
    audit.record(by, verb, template, **details)


def _checked(template: ReportTemplate) -> None:
    template.name = template.name.strip()
    template.clean_fields(exclude=["sections", "edited_by"])
    others = ReportTemplate.objects.filter(organization=template.organization_id, name=template.name)
    if others.exclude(pk=template.pk).exists():
        raise ValidationError({"name": _("Another report template has this name.")})


def _numbered(base: str, number: int) -> str:
    ending = f" {number}" if number > 1 else ""
    return f"{base[: 120 - len(ending)].rstrip()}{ending}"
