"""How forms are drawn: Django's own renderer, with our field template and our classes on the widgets."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property

# Kinds of <input> that are drawn as a box to type in; the others (file, colour, range, hidden) look as they are.
_TYPED = {"text", "email", "url", "tel", "search", "number", "password", "date", "time", "datetime-local", "month"}


class PortalBoundField(forms.BoundField):
    """A form field whose widget carries the class its kind has in the stylesheet."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        css_class = widget_class(widget or self.field.widget)
        own = str(built.get("class") or (widget or self.field.widget).attrs.get("class", ""))
        if css_class and css_class not in own.split():
            built["class"] = f"{css_class} {own}".strip()
        return built


def widget_class(widget: forms.Widget) -> str:
    """This will be the class of a widget's element, empty for those that need none."""
    if isinstance(widget, forms.CheckboxInput):
        return "" if widget.attrs.get("role") == "switch" else "form-check-input"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    typed = isinstance(widget, forms.Textarea) or getattr(widget, "input_type", "") in _TYPED
    return "form-control" if typed else ""


class PortalFormRenderer(DjangoTemplates):
    """FORM_RENDERER: our templates first, then Django's, so overriding one file is enough."""

    field_template_name = "django/forms/field.html"
    bound_field_class = PortalBoundField

    @cached_property
    def engine(self) -> Any:
        ours: Any = settings.TEMPLATES[0]["DIRS"]
        return self.backend(
            {
                "APP_DIRS": True,
                "DIRS": [*ours, Path(forms.__file__).parent / "templates"],
                "NAME": "portal-forms",
                "OPTIONS": {"builtins": ["portal.web.templatetags.ui"]},
            }
        )
