"""The editor of a report template in a real browser: preview while one types, dragging, taking out and putting back."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from assessments.actions import report_templates
from assessments.models import ReportTemplate
from tests import cast
from tests.assessments import stage
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text("utf-8")
VIOLATIONS = "() => axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))"


@pytest.fixture
def template(fresh_database) -> ReportTemplate:
    with cast.inside("harbor"):
        stage.released()
        return report_templates.create(by=cast.viewer("ada"), name="Board paper", kind="executive")


def opened(page, portal, template: ReportTemplate) -> None:
    sign_in(page, portal, "ada")
    page.goto(portal.url(f"/staff/report-templates/{template.pk}/"))
    ready(page)


def kinds(template: ReportTemplate) -> list[str]:
    with cast.inside("harbor"):
        return [section["kind"] for section in ReportTemplate.objects.get(pk=template.pk).sections]


def test_the_preview_follows_what_is_typed_and_a_save_keeps_it(live_portal, page, template):
    opened(page, live_portal, template)
    row = page.locator(".section-row", has_text="What comes next")
    row.locator("summary").click()
    expect(row.locator(".section-preview")).to_contain_text("What comes next")
    row.locator("textarea").fill("For **{{ account.nmae }}**")
    expect(row.locator(".preview-problems")).to_contain_text("account.nmae")
    row.locator("textarea").fill("For **{{ account.name }}**")
    expect(row.locator(".section-preview strong")).to_have_text("Northwind Dental")
    row.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")
    expect(row.locator(".section-preview strong")).to_have_text("Northwind Dental")
    page.reload()
    expect(page.locator(".section-row", has_text="What comes next").locator("textarea")).to_have_value(
        "For **{{ account.name }}**"
    )


def test_sections_are_dragged_by_their_handle(live_portal, page, template):
    opened(page, live_portal, template)
    rows = page.locator(".section-row")
    before = kinds(template)
    rows.nth(1).locator("[data-reorder-handle]").hover()
    page.mouse.down()
    box = rows.nth(3).bounding_box()
    assert box
    for y in range(-4, 5):
        page.mouse.move(box["x"] + 24, box["y"] + box["height"] / 2 + 4 * y, steps=4)
    with page.expect_response(lambda response: "/position/" in response.url):
        page.mouse.up()
    after = kinds(template)
    assert after != before and sorted(after) == sorted(before)
    expect(rows.nth(1)).not_to_contain_text("Gauge")


def test_a_section_is_taken_out_and_put_back(live_portal, page, template):
    opened(page, live_portal, template)
    before = kinds(template)
    page.get_by_role("button", name="Remove Score by area").click()
    expect(page.locator(".section-row")).to_have_count(len(before) - 1)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(".section-row")).to_have_count(len(before))
    assert kinds(template) == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_editor_and_report_pass_axe(live_portal, page, template, scheme):
    page.emulate_media(color_scheme=scheme)
    opened(page, live_portal, template)
    page.locator(".section-row summary").nth(1).click()
    expect(page.locator(".section-preview .report").first).to_be_visible()
    page.evaluate(AXE)
    assert page.evaluate(VIOLATIONS) == []
    page.goto(live_portal.url(f"/staff/report-templates/{template.pk}/preview/"))
    ready(page)
    page.evaluate(AXE)
    assert page.evaluate(VIOLATIONS) == []
