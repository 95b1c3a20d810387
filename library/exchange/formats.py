"""Which format a file is in, seen from what it holds: its name is only asked where the content leaves it open."""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.exchange import folders, question_lists, report, samm, surveyjs, vsaq, well_architected, workbooks
from library.exchange.delimited import has_headings, text_of
from library.exchange.report import Imported
from library.problems import UnreadableFile
from library.reading import read

ZIP = b"PK"
# What Excel before 2007 wrote, and what newer ones write around a workbook with a password.
COMPOUND = b"\xd0\xcf\x11\xe0"
OLD_EXCEL = gettext_lazy(
    "is an Excel file of the old kind (.xls), or one with a password. Save it as .xlsx without a password."
)

SOURCES: Mapping[str, Any] = {
    "own": gettext_lazy("Own format (JSON or YAML)"),
    "samm": gettext_lazy("OWASP SAMM model"),
    "surveyjs": gettext_lazy("SurveyJS"),
    "vsaq": gettext_lazy("Google VSAQ questionnaire"),
    "well_architected": gettext_lazy("AWS Well-Architected custom lens"),
    "csv": gettext_lazy("Question list (CSV)"),
    "xlsx": gettext_lazy("Question list (Excel)"),
    "workbook": gettext_lazy("Definition as a workbook (Excel)"),
}
CONVERTERS: Mapping[str, Callable[[dict[str, Any]], Imported]] = {
    "surveyjs": surveyjs.convert,
    "vsaq": vsaq.convert,
    "well_architected": well_architected.convert,
}
OWN_FIELDS = frozenset({"format", "key", "name", "sections", "scoring", "answer_sets"})
LIST_ENDINGS = (".csv", ".tsv", ".tab", ".txt")


def of_text(data: bytes, name: str) -> Imported:
    """This will read a file that is no archive: JSON, YAML or a list of questions. `name` is the file's name.

    Raises UnreadableFile when it is none of them.
    """
    if data.startswith(COMPOUND):
        raise UnreadableFile(str(OLD_EXCEL))
    if data.startswith(b"%PDF"):
        raise UnreadableFile(_("is a PDF. Send the questions as a table (Excel or CSV) instead."))
    ending = PurePath(name).suffix.lower()
    if ending in LIST_ENDINGS or (ending not in (".json", ".yaml", ".yml") and _is_list(data)):
        return question_lists.from_csv(data, name)
    return of_content(read(data, name))


def of_content(content: Any) -> Imported:
    """This will convert what a JSON or YAML file says. Raises UnreadableFile for a format nobody here knows."""
    if not isinstance(content, dict):
        raise UnreadableFile(_("holds no definition: it must be one mapping."))
    kind = kind_of(content)
    if kind == "own":
        return Imported("own", content, report.of_sections(content))
    return CONVERTERS[kind](content)


def kind_of(content: Mapping[str, Any]) -> str:
    """This will name the format of a mapping: "own", "surveyjs", "vsaq" or "well_architected"."""
    if str(content.get("format", "")).startswith("portal-definition"):
        return "own"
    if "schemaVersion" in content and "pillars" in content:
        return "well_architected"
    if "questionnaire" in content or "extensions" in content:
        return "vsaq"
    if "pages" in content or "elements" in content:
        return "surveyjs"
    if OWN_FIELDS & content.keys():
        return "own"
    raise UnreadableFile(
        _(
            "is none of the formats that are read: our own, SurveyJS, Google VSAQ, or an AWS Well-Architected "
            "custom lens."
        )
    )


def of_archive(data: bytes, name: str) -> Imported:
    """This will read a .zip: an Excel workbook or the SAMM model."""
    if data.startswith(COMPOUND):
        raise UnreadableFile(str(OLD_EXCEL))
    names = workbooks.names_in(data)
    if workbooks.WORKBOOK in names:
        return question_lists.from_workbook(data, name)
    if "word/document.xml" in names or "content.xml" in names:
        raise UnreadableFile(_("is a document of an office program. Save the questions as a table: .xlsx or CSV."))
    return samm.convert(folders.from_zip(data))


def _is_list(data: bytes) -> bool:
    try:
        text = text_of(data).text
    except UnreadableFile:
        return False
    return text.lstrip()[:1] not in ("{", "[") and has_headings(text)
