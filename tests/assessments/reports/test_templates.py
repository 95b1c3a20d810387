"""Writing report templates: nothing overwritten unseen, nothing active that does not work, files in and out."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from assessments.actions import report_templates, reports
from assessments.models import ReportTemplate
from assessments.reports import exchange
from assessments.reports.sections import KINDS, new
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://harbor.localhost/here/"}


@pytest.fixture
def template() -> ReportTemplate:
    with cast.inside("harbor"):
        return report_templates.create(by=cast.viewer("ada"), name="Board paper", kind="detailed")


def again(template: ReportTemplate) -> ReportTemplate:
    with cast.inside("harbor"):
        return ReportTemplate.objects.get(pk=template.pk)


def the(kind: str, template: ReportTemplate) -> dict:
    return next(section for section in template.sections if section["kind"] == kind)


def url(name: str, template: ReportTemplate, *more: str) -> str:
    return reverse(f"staff:{name}", args=[template.pk, *more])


def fields(section: dict, **changed: str) -> dict:
    typed = {"title": section["title"], "text": section["text"], "seen": report_templates.seen(section)}
    options = {f"option-{key}": "on" if value is True else value
               for key, value in section["options"].items() if value is not False}  # fmt: skip
    return typed | options | changed


# Who may


@pytest.mark.parametrize(
    ("who", "expected"), [("ada", 200), ("sam", 404), ("dana", 404), ("priya", 404), ("lena", 404)]
)
def test_templates_exist_for_admins_alone(who, expected, template):
    for page in (reverse("staff:report_templates"), url("report_template", template)):
        assert cast.visitor(who).get(page).status_code == expected


def test_actions_ask_again(template):
    with cast.inside("harbor"):
        for who in ("sam", "dana"):
            with pytest.raises(PermissionDenied):
                report_templates.activate(by=cast.viewer(who), template=template, active=True)
            with pytest.raises(PermissionDenied):
                report_templates.create(by=cast.viewer(who), name="Mine", kind="custom")


# Beginning


def test_an_organization_begins_with_two(template):
    with cast.inside("harbor"):
        own = ReportTemplate.objects.filter(organization=cast.organization()).exclude(pk=template.pk)
        assert {(one.name, one.is_active, one.is_default) for one in own} == {
            ("Detailed report", True, True),
            ("Executive summary", True, False),
        }
        before = ReportTemplate.objects.count()
        report_templates.furnish(cast.organization())
        assert ReportTemplate.objects.count() == before


def test_a_new_one_is_inactive_and_has_the_sections_of_its_type():
    answer = cast.visitor("ada").post(
        reverse("staff:report_template_new"), {"name": "For the board", "kind": "executive"}
    )
    assert answer.status_code == 303
    with cast.inside("harbor"):
        made = ReportTemplate.objects.get(name="For the board")
    assert not made.is_active
    assert [section["kind"] for section in made.sections][:2] == ["cover", "gauge"]


def test_a_name_is_used_once(template):
    answer = cast.visitor("ada").post(reverse("staff:report_template_new"), {"name": "Board paper", "kind": "custom"})
    assert answer.status_code == 422
    assert "Another report template has this name." in answer.content.decode()


# Sections


def test_a_section_is_saved_with_its_options(template):
    section = the("findings", template)
    answer = cast.visitor("ada").post(
        url("report_section", template, section["key"]),
        fields(section, title="Weak spots", text="{{ findings.total }} of them", **{"option-least": "high"}),
        headers=HTMX,
    )
    assert answer.status_code == 200
    saved = the("findings", again(template))
    assert (saved["title"], saved["text"], saved["options"]["least"]) == (
        "Weak spots",
        "{{ findings.total }} of them",
        "high",
    )
    assert saved["options"]["open_only"] is False


def test_two_admins_at_one_section_meet_a_choice(template):
    section = the("summary", template)
    with cast.inside("harbor"):
        report_templates.change_section(
            by=cast.viewer("ada"), template=template, key=section["key"], title="Theirs", text="Their text",
            options={}, seen_before=report_templates.seen(section),
        )  # fmt: skip
    for headers in (HTMX, {}):
        answer = cast.visitor("ada").post(
            url("report_section", template, section["key"]),
            fields(section, title="Mine", text="My text"),
            headers=headers,
        )
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "Their text" in html and "My text" in html and 'value="Mine"' in html
    assert the("summary", again(template))["title"] == "Theirs"
    # Saving again what was shown with theirs beside it is a decision.
    standing = the("summary", again(template))
    again_sent = fields(section, title="Mine", text="My text") | {"seen": report_templates.seen(standing)}
    cast.visitor("ada").post(url("report_section", template, section["key"]), again_sent, headers=HTMX)
    assert the("summary", again(template))["title"] == "Mine"


def test_two_admins_at_two_sections_do_not_meet(template):
    one, other = the("summary", template), the("gauge", template)
    for section in (one, other):
        page = url("report_section", template, section["key"])
        assert cast.visitor("ada").post(page, fields(section, title="New"), headers=HTMX).status_code == 200


def test_two_admins_at_the_name_meet_a_choice(template):
    seen = report_templates.seen_of(template)
    first = {"name": "Theirs", "description": "", "seen": seen}
    assert cast.visitor("ada").post(url("report_template", template), first).status_code == 303
    answer = cast.visitor("ada").post(url("report_template", template), first | {"name": "Mine"})
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode() and 'value="Mine"' in answer.content.decode()


def test_adding_moving_removing_and_putting_back(template):
    ada = cast.visitor("ada")
    answer = ada.post(url("report_section_addition", template), {"kind": "text"})
    assert answer.status_code == 303
    last = again(template).sections[-1]
    assert last["kind"] == "text" and last["key"] in answer["Location"]
    ada.post(url("report_section_position", template, last["key"]), {"step": "up"})
    assert again(template).sections[-2]["key"] == last["key"]
    first = template.sections[0]["key"]
    dropped = ada.post(url("report_section_position", template, last["key"]), {"after": first}, headers=HTMX)
    assert dropped.status_code == 204
    assert again(template).sections[1]["key"] == last["key"]
    removed = ada.post(url("report_section_removal", template, last["key"]), headers=HTMX)
    assert last["key"] not in [section["key"] for section in again(template).sections]
    back = removed.content.decode().split('name="section" value="')[1].split('"')[0]
    assert ada.post(url("report_section_return", template), {"section": back}).status_code == 303
    assert again(template).sections[1]["key"] == last["key"]
    count = len(again(template).sections)
    assert ada.post(url("report_section_return", template), {"section": back[:-3] + "xxx"}).status_code == 303
    assert len(again(template).sections) == count


def test_what_is_gone_answers_404_and_unknown_kinds_too(template):
    ada = cast.visitor("ada")
    assert ada.post(url("report_section", template, "00000000"), {"title": "x"}).status_code == 404
    assert ada.post(url("report_section_addition", template), {"kind": "exec"}).status_code == 404


def test_a_report_has_at_most_forty_sections(template):
    with cast.inside("harbor"):
        template.sections = [new("text") for _number in range(40)]
        template.save()
        with pytest.raises(report_templates.TooMany):
            report_templates.add_section(by=cast.viewer("ada"), template=template, kind="text")


def test_the_preview_shows_a_run_and_what_is_wrong(template):
    with cast.inside("harbor"):
        run = stage.released()
    section = the("gauge", template)
    answer = cast.visitor("ada").post(
        url("report_section_preview", template, section["key"]),
        fields(section, text="For {{ account.name }}, {{ acount }}", run=str(run.pk)),
        headers=HTMX,
    )
    html = answer.content.decode()
    assert "Line 1, column 28" in html and "acount" in html
    assert "For Northwind Dental," in html
    assert "gauge-value" in html
    assert the("gauge", again(template)) == section


def test_the_whole_report_can_be_previewed_and_every_kind_be_drawn(template):
    with cast.inside("harbor"):
        run = stage.released()
        template.sections = [new(kind) for kind in KINDS]
        template.save()
    answer = cast.visitor("ada").get(url("report_template_preview", template), {"run": str(run.pk)})
    assert answer.status_code == 200
    for kind in KINDS:
        assert f"report-{kind}" in answer.content.decode()


# Active and default


def test_a_template_with_errors_cannot_be_active(template):
    with cast.inside("harbor"):
        section = the("summary", template)
        section["text"] = "{{ nobody.knows }}"
        template.save()
        for change in (
            lambda: report_templates.activate(by=cast.viewer("ada"), template=template, active=True),
            lambda: report_templates.make_default(by=cast.viewer("ada"), template=template),
        ):
            with pytest.raises(report_templates.HasErrors):
                change()
    html = cast.visitor("ada").get(url("report_template", template)).content.decode()
    assert "Line 1, column 4" in html and "1 section has errors" in html


def test_an_active_template_stays_without_errors(template):
    with cast.inside("harbor"):
        report_templates.activate(by=cast.viewer("ada"), template=template, active=True)
    section = the("summary", template)
    for text, title in (("{% if %}", "Summary"), ("Fine", "")):
        answer = cast.visitor("ada").post(
            url("report_section", template, section["key"]), fields(section, text=text, title=title), headers=HTMX
        )
        assert answer.status_code == 422
        assert "Not saved" in answer.content.decode()
    assert the("summary", again(template)) == section
    with cast.inside("harbor"):
        report_templates.activate(by=cast.viewer("ada"), template=template, active=False)
    page = url("report_section", template, section["key"])
    assert cast.visitor("ada").post(page, fields(section, text="{% if %}"), headers=HTMX).status_code == 200


def test_exactly_one_is_the_default_and_it_stays_active(template):
    ada = cast.visitor("ada")
    ada.post(url("report_template_default", template))
    with cast.inside("harbor"):
        own = ReportTemplate.objects.filter(organization=cast.organization(), is_default=True)
        assert [one.pk for one in own] == [template.pk]
        assert own.get().is_active
        for refused in (report_templates.IsDefault,):
            with pytest.raises(refused):
                report_templates.activate(by=cast.viewer("ada"), template=template, active=False)
            with pytest.raises(refused):
                report_templates.delete(by=cast.viewer("ada"), template=template)


def test_one_that_was_used_is_not_deleted(template):
    with cast.inside("harbor"):
        ada, northwind = cast.viewer("ada"), cast.account("Northwind")
        report_templates.activate(by=ada, template=template, active=True)
        reports.enable(by=cast.viewer("sam", "Northwind"), account=northwind, template=template, enabled=True)
        with pytest.raises(report_templates.InUse):
            report_templates.delete(by=ada, template=template)
        reports.enable(by=cast.viewer("sam", "Northwind"), account=northwind, template=template, enabled=False)
    assert cast.visitor("ada").get(url("report_template_removal", template)).status_code == 200
    assert cast.visitor("ada").post(url("report_template_removal", template)).status_code == 303
    with cast.inside("harbor"):
        assert not ReportTemplate.objects.filter(pk=template.pk).exists()
        assert AuditEntry.objects.filter(verb="report_template.deleted").exists()


def test_a_copy_has_a_name_of_its_own(template):
    for _time in range(2):
        cast.visitor("ada").post(url("report_template_copy", template))
    with cast.inside("harbor"):
        copies = ReportTemplate.objects.filter(name__startswith="Copy of Board paper").order_by("name")
        assert [one.name for one in copies] == ["Copy of Board paper", "Copy of Board paper 2"]
        assert [one.sections for one in copies] == [template.sections, template.sections]


# Files


def brought(data: object, **more: str):
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    sent = {"file": stage.file("template.json", content)} | more
    return cast.visitor("ada").post(reverse("staff:report_template_import"), sent)


def test_out_and_in_again_is_the_same(template):
    answer = cast.visitor("ada").get(url("report_template_export", template))
    assert answer["Content-Disposition"] == 'attachment; filename="Board-paper.json"'
    assert answer.json()["format"] == "portal-report-template/1"
    assert brought(answer.content, name="Back again").status_code == 303
    with cast.inside("harbor"):
        back = ReportTemplate.objects.get(name="Back again")
        assert not back.is_active
        assert exchange.as_data(back)["sections"] == exchange.as_data(template)["sections"]


WHOLE = {"format": "portal-report-template/1", "name": "N", "sections": [{"kind": "gauge", "title": "T"}]}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"{", "Line 1, column 2"),
        (b"[]", "no file of the format"),
        (b"[" * 300_000, "cannot be read"),
        ({"format": "other/1"}, "no file of the format"),
        (WHOLE | {"name": ""}, "no name"),
        (WHOLE | {"extra": 1}, "“extra”"),
        (WHOLE | {"kind": "huge"}, "kind"),
        (WHOLE | {"sections": []}, "at least one section"),
        (WHOLE | {"sections": [{"kind": "__class__"}]}, "Section 1"),
        (WHOLE | {"sections": [{"kind": "gauge", "title": 3}]}, "must be a text"),
        (WHOLE | {"sections": [{"kind": "answers", "title": "A", "options": {"names": "yes"}}]}, "“names”"),
        (WHOLE | {"sections": [{"kind": "gauge", "title": "a\x00"}]}, "cannot be stored"),
        (WHOLE | {"sections": [{"kind": "text", "text": "x" * 10_001}]}, "more than 10000"),
        (WHOLE | {"sections": [{"kind": "text"}] * 41}, "at most 40"),
    ],
)
def test_a_file_with_errors_changes_nothing_and_says_why(data, words):
    with cast.inside("harbor"):
        before = ReportTemplate.objects.count()
    answer = brought(data)
    assert answer.status_code == 422
    assert words in answer.content.decode().replace("&quot;", '"')
    with cast.inside("harbor"):
        assert ReportTemplate.objects.count() == before


def test_a_file_can_be_checked_without_taking_it_in():
    data = WHOLE | {"sections": [{"kind": "gauge", "title": "{{ nobody }}"}]}
    answer = brought(data, check="1")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "can be imported" in html and "There is no variable" in html
    with cast.inside("harbor"):
        assert not ReportTemplate.objects.filter(name="N").exists()


# Speed


def test_pages_cost_the_same_for_few_and_many(template):
    def queries(page: str) -> int:
        visitor = cast.visitor("ada")
        visitor.get(page)
        with CaptureQueriesContext(connection) as caught:
            assert visitor.get(page).status_code == 200
        return len(caught)

    pages = [reverse("staff:report_templates"), url("report_template", template)]
    before = [queries(page) for page in pages]
    with cast.inside("harbor"):
        for number in range(12):
            report_templates.create(by=cast.viewer("ada"), name=f"T{number}", kind="detailed")
    assert [queries(page) for page in pages] == before
    assert max(before) < 18
