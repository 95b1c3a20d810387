"""A matrix and files in a browser: by keyboard, without a script, on a narrow phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Answer, Assessment, Upload
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import PDF, QUICK, RICH, address
from tests.assessments.test_taking_browser import AXE, VIOLATIONS, WIDTH, enter, heading
from tests.plugins.browser import ready

MEGABYTE = 1024 * 1024


@pytest.fixture
def run(live_portal) -> Assessment:
    with cast.inside("harbor"):
        return stage.launched(definition=stage.publish(RICH))


def answer(run: Assessment, key: str) -> Answer | None:
    with cast.inside("harbor"):
        return Answer.objects.filter(assessment=run, question_key=key).first()


def names(run: Assessment, key: str) -> list[str]:
    with cast.inside("harbor"):
        rows = Upload.objects.filter(assessment=run, question_key=key).standing()
        return list(rows.values_list("name", flat=True))


def opened(page: Page, live_portal, run: Assessment, key: str) -> Page:
    page.goto(live_portal.url(address("client:question", run, key)))
    ready(page)
    return page


def sent(name: str, content: bytes = PDF, kind: str = "application/pdf") -> dict:
    return {"name": name, "mimeType": kind, "buffer": content}


def test_a_matrix_by_keyboard_saves_each_row(live_portal, new_page, run):
    page = opened(enter(new_page(), live_portal, "priya"), live_portal, run, "quick")
    row = page.get_by_role("radio", name="Email In a day")
    row.focus()
    page.keyboard.press("Space")
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    expect(page.locator("#run-counts")).to_contain_text("0 of 4")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Phone In a week")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="Doors Later")).to_be_checked()
    expect(page.locator("#run-counts")).to_contain_text("1 of 4")
    assert answer(run, "quick").value == QUICK
    page.get_by_label("Not applicable").check()
    expect(row).not_to_be_checked()
    page.evaluate(AXE)
    assert page.evaluate(VIOLATIONS) == []
    page.keyboard.press("Enter")
    heading(page, "Was it tried?")
    assert answer(run, "quick").state == "not_applicable"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_phone_each_row_is_a_card(live_portal, new_page, run, scheme):
    page = enter(new_page(viewport={"width": 320, "height": 640}, color_scheme=scheme), live_portal, "priya")
    opened(page, live_portal, run, "quick")
    scroll, client = page.evaluate(WIDTH)
    assert scroll == client
    page.locator("label.matrix-cell").filter(has_text="In a week").nth(1).click()
    expect(page.get_by_role("radio", name="Phone In a week")).to_be_checked()
    page.evaluate(AXE)
    assert page.evaluate(VIOLATIONS) == []
    for key in ("record", "tested"):
        opened(page, live_portal, run, key)
        if key == "tested":
            page.get_by_text("Attach evidence").click()
        scroll, client = page.evaluate(WIDTH)
        assert scroll == client
        page.evaluate(AXE)
        assert page.evaluate(VIOLATIONS) == []


def test_files_go_up_one_by_one_and_come_back(live_portal, new_page, run, browser_errors):
    page = opened(enter(new_page(), live_portal, "priya"), live_portal, run, "record")
    page.get_by_label("Add a file").set_input_files([sent("good.pdf"), sent("bad.pdf", b"<html>")])
    expect(page.get_by_role("link", name="good.pdf")).to_be_visible()
    expect(page.locator("#answer-files")).to_contain_text("“bad.pdf” is not a PDF")
    page.get_by_text("Add a comment").click()
    page.get_by_role("textbox", name="Comment").fill("See page 2")
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    page.get_by_role("button", name=re.compile(r"Remove\s+good.pdf")).click()
    undo = page.get_by_role("button", name=re.compile(r"Undo\s+good.pdf"))
    expect(undo).to_be_focused()
    assert (names(run, "record"), answer(run, "record").comment) == ([], "See page 2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="good.pdf")).to_be_visible()
    expect(page.locator("#run-counts")).to_contain_text("1 of 4")
    page.get_by_label("Add a file").set_input_files(sent("big.pdf", PDF + b" " * 10 * MEGABYTE))
    expect(page.get_by_role("status").filter(has_text="“big.pdf” is larger than 10 MB.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="good.pdf").click()
    assert download.value.suggested_filename == "good.pdf"
    # The form still carries the right revision: what is typed next is no conflict.
    page.get_by_role("textbox", name="Comment").fill("See page 3")
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    assert answer(run, "record").comment == "See page 3"
    browser_errors.allow("422")


def test_a_file_takes_not_applicable_back(live_portal, new_page, run):
    page = opened(enter(new_page(), live_portal, "priya"), live_portal, run, "record")
    page.get_by_label("Not applicable").check()
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    page.get_by_label("Add a file").set_input_files(sent("good.pdf"))
    expect(page.get_by_role("link", name="good.pdf")).to_be_visible()
    expect(page.get_by_label("Not applicable")).not_to_be_checked()
    page.get_by_role("button", name="Next").click()
    heading(page, "Anything else?")
    assert answer(run, "record").state == "answered"


def test_without_a_script_everything_works(live_portal, new_page, run, browser_errors):
    page = enter(new_page(java_script_enabled=False), live_portal, "priya")
    opened(page, live_portal, run, "quick")
    for row, option in (("Email", "In a day"), ("Phone", "In a week"), ("Doors", "Later")):
        page.get_by_role("radio", name=f"{row} {option}").check()
    page.get_by_role("button", name="Next").click()
    heading(page, "Was it tried?")
    page.get_by_label("Yes").check()
    page.get_by_text("Attach evidence").click()
    page.get_by_label("Add evidence").set_input_files(sent("proof.pdf"))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("link", name="proof.pdf")).to_be_visible()
    assert answer(run, "tested").value == "yes"
    page.get_by_role("button", name="Next").click()
    heading(page, "Attach the record.")
    page.get_by_label("Add a file").set_input_files(sent("page.html", b"<html>", "text/html"))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert").filter(has_text="of a kind that is not taken")).to_be_visible()
    page.get_by_label("Add a file").set_input_files(sent("record.pdf"))
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name=re.compile(r"Remove\s+record.pdf")).click()
    page.get_by_role("button", name=re.compile(r"Undo\s+record.pdf")).click()
    expect(page.get_by_role("link", name="record.pdf")).to_be_visible()
    assert (answer(run, "quick").value, names(run, "record"), names(run, "tested")) == (
        QUICK, ["record.pdf"], ["proof.pdf"],
    )  # fmt: skip
    browser_errors.allow("422")
