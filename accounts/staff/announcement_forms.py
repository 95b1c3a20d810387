"""Telling clients something: the form."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Announcement

from .forms import ActionForm


class AnnouncementForm(ActionForm):
    """A title, a few words, and the days it stands on Home."""

    main_field = "title"

    title = forms.CharField(label=_("Title"), max_length=120, error_messages={"required": _("Enter what it is about.")})
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Markdown: **bold**, lists, [links](https://example.com)."),
    )
    starts_on = forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter the first day, such as 2026-11-30.")),
    )
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day. Empty: until you end it."),
        error_messages={"invalid": _("Enter the last day, such as 2026-11-30.")},
    )

    def __init__(self, *args: Any, announcement: Announcement | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"starts_on": timezone.localdate()}
        if announcement is not None:
            initial = {name: getattr(announcement, name) for name in ("title", "body", "starts_on", "ends_on")}
        super().__init__(*args, initial=initial, **kwargs)
