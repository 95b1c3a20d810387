"""What is typed into the pages of report templates."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import ReportKind, ReportTemplate
from assessments.reports import exchange
from assessments.reports.sections import KINDS, NEW_PAGE


class TemplateForm(forms.ModelForm):
    """Name and description."""

    class Meta:
        model = ReportTemplate
        fields: tuple[str, ...] = ("name", "description")
        widgets: dict[str, Any] = {"description": forms.Textarea(attrs={"rows": 2})}


class NewTemplateForm(TemplateForm):
    """A new template also has a type, which says what it begins with."""

    class Meta(TemplateForm.Meta):
        fields = ("name", "kind", "description")
        widgets = TemplateForm.Meta.widgets | {"kind": forms.RadioSelect}

    kind = forms.ChoiceField(
        label=gettext_lazy("Begin with"),
        choices=ReportKind.choices,
        widget=forms.RadioSelect,
        initial=ReportKind.DETAILED,
    )


class ImportForm(forms.Form):
    """A file, and the name the template gets instead of the one in it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A report template exported as JSON, at most 1 MB"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Leave it empty to take the name in the file"),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > exchange.LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        return file


def typed_section(kind: str, sent: QueryDict) -> dict[str, Any]:
    """This will read the fields of one section: title, text, and options of its kind. What cannot be chosen is what was
    chosen before."""
    options: dict[str, Any] = {}
    for choice in (*KINDS[kind].choices, NEW_PAGE):
        name = f"option-{choice.key}"
        if choice.is_switch:
            options[choice.key] = name in sent
        elif choice.many:
            options[choice.key] = sent.getlist(name)
        else:
            options[choice.key] = sent.get(name, "")
    text = sent.get("text", "").replace("\r\n", "\n")
    return {"title": _one_line(sent.get("title", "")), "text": _storable(text), "options": options}


def fields_of(section: Mapping[str, Any]) -> list[dict[str, Any]]:
    """This will describe the options of a section for its form."""
    return [
        {
            "choice": choice,
            "name": f"option-{choice.key}",
            "value": section["options"].get(choice.key, choice.default),
        }
        for choice in (*KINDS[section["kind"]].choices, NEW_PAGE)
    ]


def _one_line(text: str) -> str:
    return " ".join(_storable(text).split())


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
