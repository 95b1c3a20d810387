"""The fields an organization adds to accounts, sites and contacts. Values are never lost: fields are archived, keys stay."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.fields import custom_data, custom_fields
from accounts.models import CustomField, Organization
from accounts.roles import Can
from accounts.viewer import Viewer

MOST_FIELDS = 200
LONGEST_CHOICE = 120
FACTS = (
    "label",
    "help_text",
    "type",
    "is_required",
    "is_visible_to_client",
    "is_searchable",
    "is_filterable",
    "choices",
)
LISTS = (CustomField.Type.CHOICE, CustomField.Type.MULTI_CHOICE)


class Stale(Exception):
    """Somebody else changed the field meanwhile."""


@transaction.atomic
def add(*, by: Viewer, on: str, label: str, type: str, key: str = "", **facts: Any) -> CustomField:
    """This will add a field behind the others. `choices` are labels, of the two list types.

    Without a key one is made of the label. Raises ValidationError for a bad or taken key, no label, no choices.
    """
    by.require(Can.MANAGE_SETTINGS)
    fields = _all(by, on)
    if sum(field.archived_at is None for field in fields) >= MOST_FIELDS:
        raise ValidationError(
            {"label": _("There are %(most)s fields already. Archive one first.") % {"most": MOST_FIELDS}}
        )
    taken = {field.key for field in fields}
    key = key or custom_fields.proposed_key(label, taken)
    _check_key(key, fields)
    labels = facts.pop("choices", None) or []
    last = max((field.position for field in fields), default=-1)
    field = CustomField(
        organization=by.organization, on=on, label=label, type=type, key=key, position=last + 1, **facts
    )
    field.choices = _choices([{"label": word} for word in labels]) if type in LISTS else []
    _check(field)
    field.save(force_insert=True)
    audit.record(by, "custom_field.added", field, on=on, key=key, type=type)
    return field


@transaction.atomic
def change(*, by: Viewer, field: CustomField, version: str = "", **facts: Any) -> CustomField:
    """This will change the given facts and record old and new. `choices` are dicts with label and, of known ones, key;
    those left out are archived, never lost.

    Raises Stale when the field is no longer as of `version`, and ValidationError for bad input and for another type
    while values exist.
    """
    by.require(Can.MANAGE_SETTINGS)
    now = _locked(by, field)
    if version and version != now.updated_at.isoformat():
        raise Stale
    before = {name: getattr(now, name) for name in FACTS}
    if facts.get("type", now.type) != now.type and (count := custom_fields.used(by, now)):
        words = custom_fields.usage_words(now.on, count)
        raise ValidationError(
            {"type": _("%(usage)s, so the type stays. Add another field instead.") % {"usage": words}}
        )
    if "choices" in facts:
        facts["choices"] = _choices(facts["choices"], now.choices)
    for name, value in facts.items():
        if name not in FACTS:
            raise ValueError(name)
        setattr(now, name, value)
    _check(now)
    changes = {name: [before[name], getattr(now, name)] for name in FACTS if before[name] != getattr(now, name)}
    if changes:
        now.save()
        audit.record(by, "custom_field.changed", now, on=now.on, key=now.key, changes=changes)
    return now


@transaction.atomic
def move(*, by: Viewer, field: CustomField, step: str = "", before: Any = None, after: Any = None) -> None:
    """This will put a field one `step` "up" or "down", or right `before` or `after` another one, named by its id."""
    by.require(Can.MANAGE_SETTINGS)
    fields = [one for one in _all(by, field.on) if one.archived_at is None]
    order = [one.pk for one in fields]
    if field.pk not in order:
        return
    at = order.index(field.pk)
    order.remove(field.pk)
    beside = before or after
    if step:
        at += {"up": -1, "down": 1}.get(step, 0)
    elif beside in order:
        at = order.index(beside) + (0 if before else 1)
    order.insert(max(at, 0), field.pk)
    if order == [one.pk for one in fields]:
        return
    places = {pk: place for place, pk in enumerate(order)}
    was = next(place for place, one in enumerate(fields) if one.pk == field.pk)
    for one in fields:
        one.position = places[one.pk]
    CustomField.objects.bulk_update(fields, ["position"])
    audit.record(by, "custom_field.moved", field, on=field.on, position=[was, places[field.pk]])


@transaction.atomic
def archive(*, by: Viewer, field: CustomField) -> None:
    """This will take a field out of forms, lists and exports. Its values stay where they are."""
    by.require(Can.MANAGE_SETTINGS)
    now = _locked(by, field)
    if now.archived_at is None:
        now.archived_at = timezone.now()
        now.save(update_fields=["archived_at", "updated_at"])
        audit.record(by, "custom_field.archived", now, on=now.on, key=now.key)


@transaction.atomic
def bring_back(*, by: Viewer, field: CustomField) -> None:
    """This will bring an archived field back behind the others, with every value it had."""
    by.require(Can.MANAGE_SETTINGS)
    now = _locked(by, field)
    if now.archived_at is None:
        return
    last = CustomField.objects.visible_to(by).filter(on=now.on).aggregate(last=Max("position"))["last"]
    now.archived_at, now.position = None, last + 1
    now.save(update_fields=["archived_at", "position", "updated_at"])
    audit.record(by, "custom_field.brought_back", now, on=now.on, key=now.key)


def _all(by: Viewer, on: str) -> list[CustomField]:
    """This will read the fields of a kind in their order; two who add, or move, at the same moment take turns."""
    Organization.objects.select_for_update(no_key=True).get(pk=by.organization.pk)
    return list(CustomField.objects.visible_to(by).filter(on=on).order_by("position", "created_at"))


def _locked(by: Viewer, field: CustomField) -> CustomField:
    return CustomField.objects.visible_to(by).select_for_update(no_key=True).get(pk=field.pk)


def _check_key(key: str, fields: Iterable[CustomField]) -> None:
    if not custom_fields.KEY.fullmatch(key) or len(key) > custom_fields.LONGEST_KEY:
        raise ValidationError(
            {"key": _("A key starts with a letter and holds only small letters a to z, figures and underscores.")}
        )
    for field in fields:
        if field.key == key:
            told = (
                _("The archived field “%(field)s” has this key. Bring it back, or choose another key.")
                if field.archived_at
                else _("The field “%(field)s” has this key. Choose another one.")
            )
            raise ValidationError({"key": told % {"field": field.label}})


def _check(field: CustomField) -> None:
    field.label, field.help_text = custom_data.tidy(field.label), custom_data.tidy(field.help_text)
    field.full_clean()
    if field.type in LISTS and not any(not choice["archived"] for choice in field.choices):
        raise ValidationError({"choices": _("A list needs at least one choice that is not archived.")})


def _choices(given: Sequence[dict[str, Any]], known: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """This will write choices with their keys: known ones keep theirs, new ones get one; what is left out is archived."""
    by_key = {choice["key"]: choice for choice in known}
    taken, made = set(by_key), []
    for choice in given:
        key = choice.get("key") if choice.get("key") in by_key else ""
        label = custom_data.tidy(str(choice.get("label", "")))
        if not key:
            key = custom_fields.proposed_key(label, taken, fallback="choice")
            taken.add(key)
        made.append({"key": key, "label": label, "archived": bool(choice.get("archived"))})
    held = {choice["key"] for choice in made}
    made += [choice | {"archived": True} for key, choice in by_key.items() if key not in held]
    _check_choices(made)
    return made


def _check_choices(choices: Sequence[dict[str, Any]]) -> None:
    if len(choices) > custom_data.MOST_CHOICES:
        raise ValidationError(
            {"choices": _("A list holds at most %(most)s choices.") % {"most": custom_data.MOST_CHOICES}}
        )
    seen: set[str] = set()
    for number, choice in enumerate(choices, 1):
        label = choice["label"]
        if not label:
            raise ValidationError({"choices": _("Choice %(number)s needs a name.") % {"number": number}})
        if len(label) > LONGEST_CHOICE:
            told = _("“%(choice)s…” has more than %(most)s characters.")
            raise ValidationError({"choices": told % {"choice": label[:30], "most": LONGEST_CHOICE}})
        if choice["archived"]:
            continue
        if label.casefold() in seen:
            raise ValidationError({"choices": _("“%(choice)s” stands there twice.") % {"choice": label}})
        seen.add(label.casefold())
