"""The tags every template has without loading them: icons, states, times, fields, pages, figures."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from portal.web import figures, icons

register = template.Library()

# code: (tone, icon, word). The five of an assessment come first and are the same everywhere.
STATUSES: dict[str, tuple[str, str, Any]] = {
    "not_started": ("neutral", "circle-dashed", gettext_lazy("Not started")),
    "draft": ("neutral", "pencil", gettext_lazy("Draft")),
    "in_progress": ("info", "progress", gettext_lazy("In progress")),
    "results_review": ("review", "eye-check", gettext_lazy("Results review")),
    "closed": ("success", "circle-check", gettext_lazy("Closed")),
    "published": ("success", "circle-check", gettext_lazy("Published")),
    "deprecated": ("warn", "archive", gettext_lazy("Deprecated")),
    "active": ("success", "circle-check", gettext_lazy("Active")),
    "inactive": ("neutral", "minus", gettext_lazy("Inactive")),
    "invited": ("neutral", "mail", gettext_lazy("Invited")),
    "open": ("info", "circle-dot", gettext_lazy("Open")),
    "waiting_on_you": ("warn", "message-reply", gettext_lazy("Waiting on you")),
    "awaiting_approval": ("warn", "file-dollar", gettext_lazy("Awaiting approval")),
    "overdue": ("danger", "clock-exclamation", gettext_lazy("Overdue")),
    "urgent": ("danger", "flame", gettext_lazy("Urgent")),
}

RELATIVE_DAYS = 14


def status_icons() -> frozenset[str]:
    """This will name the icons that stand for a state."""
    return frozenset(icon_name for _, icon_name, _ in STATUSES.values())


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """This will be one icon of the sprite, hidden from screen readers: the words beside it carry the meaning."""
    return _icon(name, css_class)


@lru_cache(maxsize=1024)
def _icon(name: str, css_class: str) -> SafeString:
    classes = " ".join(filter(None, ("icon", "icon-flip" if name in icons.MIRRORED else "", css_class)))
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        classes,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def status(code: str) -> SafeString:
    """This will be a state as icon, word and colour; a code nobody declared is shown as it is, in gray."""
    tone, icon_name, word = STATUSES.get(str(code), ("neutral", "circle-dot", code))
    return _status(tone, icon_name, str(word))


@lru_cache(maxsize=512)
def _status(tone: str, icon_name: str, word: str) -> SafeString:
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, _icon(icon_name, ""), word)


@register.simple_tag
def badge(text: str, tone: str = "neutral", icon: str = "") -> SafeString:
    """This will be a badge in one of the tones neutral, info, success, warn, danger, review, brand."""
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, _icon(icon, "") if icon else "", text)


def warning_tags(words: Iterable[str]) -> SafeString:
    """This will be a warning tag for each of the words."""
    return format_html_join(" ", '<span class="tag tone-warn">{}</span>', ((word,) for word in words))


@receiver(setting_changed)
def forget_icons(**kwargs: Any) -> None:
    """This will drop ready-made icons when a test changes where static files live."""
    _icon.cache_clear()
    _status.cache_clear()


# --- Time ------------------------------------------------------------------------------------------------------------


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """This will be a <time>: relative for 14 days, then the date; its tooltip is the full moment in the active zone.

    Nothing for None. A moment still to come is shown as its date.
    """
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    seconds = (timezone.now() - moment).total_seconds()
    relative = 0 <= seconds < RELATIVE_DAYS * 86400
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        local.isoformat(timespec="seconds"),
        formats.date_format(local, gettext("D, M j, Y, g:i A T")),
        SafeString(" data-rel") if relative else "",
        _relative(int(seconds)) if relative else _day_text(local.date()),
    )


@register.simple_tag
def exactly(moment: datetime | None) -> SafeString | str:
    """This will be a <time> for records: day and time to the second in the active zone; its tooltip says how long ago
    that is, and the zone. Nothing for None."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{_relative(max(0, int((timezone.now() - moment).total_seconds())))} · {formats.date_format(local, 'T')}",
        formats.date_format(local, gettext("M j, Y, g:i:s A")),
    )


@register.simple_tag
def day(value: date | None) -> SafeString | str:
    """This will be a calendar day as <time>, with the year only when it is not the current one; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), _day_text(value))


def _relative(seconds: int) -> str:
    if seconds < 60:
        return gettext("just now")
    if seconds < 3600:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", seconds // 60) % {"count": seconds // 60}
    if seconds < 86400:
        return ngettext("%(count)d hour ago", "%(count)d hours ago", seconds // 3600) % {"count": seconds // 3600}
    if seconds < 2 * 86400:
        return gettext("yesterday")
    return ngettext("%(count)d day ago", "%(count)d days ago", seconds // 86400) % {"count": seconds // 86400}


_DAY = pgettext_lazy("date format: day and month", "M j")
_DAY_WITH_YEAR = pgettext_lazy("date format: day, month and year", "M j, Y")


def _day_text(value: date) -> str:
    this_year = value.year == timezone.localdate().year
    return formats.date_format(value, str(_DAY if this_year else _DAY_WITH_YEAR))


# --- Figures ---------------------------------------------------------------------------------------------------------

register.filter("num", figures.number)
register.filter("signed", figures.signed)
register.filter("price", figures.price)


@register.filter
def initials(name: object) -> str:
    """This will be the first letters of the first and last word: "Priya Nair" gives "PN"; empty for no name."""
    words = [word for word in str(name or "").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


# --- Forms -----------------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField | str | None, hint: str | None = None) -> SafeString | str:
    """This will be a form field as django/forms/field.html draws it; nothing when the form has no such field.

    `hint` replaces the field's own help text; an empty one leaves it out.
    """
    if not isinstance(bound, BoundField):
        return ""
    if hint is not None:
        bound.help_text = hint
    return bound.as_field_group()


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    """This will list what is wrong in a bound form, each mistake a link to its field; nothing when all is well."""
    return {"problems": list(_problems(form)) if isinstance(form, BaseForm) else []}


def _problems(form: BaseForm) -> Iterable[dict[str, str]]:
    for message in form.non_field_errors():
        yield {"message": str(message), "target": ""}
    for bound in form:
        for message in bound.errors:
            yield {"message": str(message), "target": _focusable_id(bound), "label": str(bound.label)}


def _focusable_id(bound: BoundField) -> str:
    # A group of radios has no single id; its first option takes the focus.
    return bound.id_for_label or (bound.subwidgets[0].id_for_label if bound.subwidgets else "") or ""


@register.inclusion_tag("components/pagination.html")
def pagination(page: Any, label: str = "", target: str = "") -> dict[str, Any]:
    """This will show "Showing 26–50 of 312" and links to the pages of a portal.web.pagination.Page.

    With `target` (an element's id) the links also swap that element through htmx and put the page's address in the bar.
    """
    return {"page": page, "label": label, "target": target}
