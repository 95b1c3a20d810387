"""The styleguide shows every component without a server behind it, and every one of them is accessible."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails
from playwright.sync_api import expect

from portal.web.styleguide import styleguide
from tests.portal.web.stage import Answer, Asked, Stage

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text("utf-8")
# Counts on the body, which no test compares, the requests that htmx has wholly done with.
COUNT_REQUESTS = """
document.addEventListener("htmx:finally:request", () => {
    document.body.dataset.requests = Number(document.body.dataset.requests ?? 0) + 1;
});
"""
WIDTHS = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}

# What README 3 of the design lists, by the class that only this component has.
# fmt: off
COMPONENTS = [
    "btn-primary", "btn-ghost", "btn-icon", "btn-sm", "btn-lg", "link-more", "badge", "pill", "tile", "avatars",
    "card", "hero", "stats", "table-stack", "bulk", "seg", "chip", "tabs", "crumbs", "pagination",
    "form-control", "form-select", "form-check-input", "option", "switch", "field-hint", "field-error",
    "error-summary", "upload-row", "progress", "ring", "gauge", "radar", "areabar", "spark", "menu",
    "dialog-part", "menu-sheet", "palette", "toast", "notice", "preview-bar", "empty", "skeleton", "timeline",
    "thread", "price-table", "tabbar", "steps", "color-note",
]
# fmt: on


def answered(path: str = "/styleguide/", **headers: str) -> HttpResponse:
    request: HttpRequest = RequestFactory().get(path, **headers)
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    assert not list(get_messages(request))
    return styleguide(request)


def test_every_component_is_shown() -> None:
    html = answered().content.decode()
    shown = {name for classes in re.findall(r'class="([^"]*)"', html) for name in classes.split()}
    assert [name for name in COMPONENTS if name not in shown] == []


def test_every_id_is_there_once() -> None:
    ids = re.findall(r'\sid="([^"]+)"', answered().content.decode())
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


def test_it_needs_nobody_signed_in_and_no_database() -> None:
    response = answered()
    assert response.status_code == 200
    assert "Error:" not in response.content.decode().partition("</title>")[0]


def test_a_toast_is_one_request_away() -> None:
    response = answered("/styleguide/?toast=1", HTTP_HX_REQUEST="true")
    assert response.status_code == 204
    assert "Reminder sent" in response.headers["HX-Trigger"]


# --- In the browser --------------------------------------------------------------------------------------------------


def staged(new_page: Callable[..., Any], **options: Any) -> Stage:
    def page_or_toast(asked: Asked) -> Answer:
        headers = {"HTTP_HX_REQUEST": "true"} if asked.headers.get("hx-request") else {}
        response = answered("/styleguide/?toast=1" if asked.query.get("toast") else "/styleguide/", **headers)
        return Answer(response.content.decode(), response.status_code, dict(response.headers))

    stage = Stage(new_page(**options))
    stage.at["/styleguide/"] = page_or_toast
    stage.open("/styleguide/")
    return stage


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(new_page: Callable[..., Any], width: str, theme: str) -> None:
    page = staged(new_page, viewport=WIDTHS[width], color_scheme=theme, reduced_motion="reduce").page
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []


def test_nothing_makes_the_page_scroll_sideways(new_page: Callable[..., Any]) -> None:
    page = staged(new_page).page
    page.evaluate("document.fonts.ready.then(() => true)")
    for width in (1440, 861, 860, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function("width => innerWidth === width", arg=width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_are_big_enough_for_a_thumb(new_page: Callable[..., Any]) -> None:
    page = staged(new_page, viewport=WIDTHS["phone"]).page
    small = page.evaluate(
        """[...document.querySelectorAll("main :is(.btn, .btn-icon, .chip, .seg a, .tabs a, .page-link), .tabbar a")]
           .filter(e => e.checkVisibility() && Math.min(e.offsetHeight, e.offsetWidth) < 34)
           .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []
    tiny = page.evaluate(
        """[...document.querySelectorAll("input:not([type=radio], [type=checkbox], [type=color], [type=file]), select")]
           .filter(e => e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.id)"""
    )
    assert tiny == []  # a phone zooms into anything smaller than 16 px


def test_no_label_of_a_chart_is_cut_off(new_page: Callable[..., Any]) -> None:
    page = staged(new_page, viewport=WIDTHS["phone"]).page
    page.evaluate("document.fonts.ready.then(() => true)")
    cut = page.evaluate(
        """[...document.querySelectorAll("svg.gauge text, svg.radar tspan")].filter(text => {
             const box = text.getBoundingClientRect(), frame = text.closest("svg").getBoundingClientRect();
             return box.left < frame.left - 1 || box.right > frame.right + 1 || box.right > innerWidth;
           }).map(text => text.textContent)"""
    )
    assert cut == []


def test_the_theme_is_switched_and_remembered(new_page: Callable[..., Any]) -> None:
    page = staged(new_page, color_scheme="light").page
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_function("document.cookie.includes('theme=dark')")
    assert {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}["theme"] == "dark"
    expect(page.locator("body")).to_have_css("background-color", "rgb(14, 17, 22)")


def test_the_palette_opens_filters_and_gives_the_focus_back(new_page: Callable[..., Any]) -> None:
    page = staged(new_page).page
    opener = page.get_by_role("button", name="Palette", exact=True)
    opener.focus()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Jump to a page")
    palette.get_by_role("searchbox").fill("lib")
    expect(palette.get_by_role("link")).to_have_text(["Library"])
    palette.get_by_role("searchbox").fill("zzz")
    expect(palette.get_by_text("Nothing matches")).to_be_visible()
    palette.get_by_role("searchbox").fill("")
    expect(palette.get_by_text("Nothing matches")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(palette.get_by_role("link", name="Home", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(opener).to_be_focused()


def test_keys_focus_the_search_and_list_themselves_but_not_while_typing(new_page: Callable[..., Any]) -> None:
    page = staged(new_page).page
    page.keyboard.press("/")
    expect(page.locator("#sg-q")).to_be_focused()
    page.keyboard.type("a?/")
    expect(page.locator("#sg-q")).to_have_value("a?/")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.locator("#sg-q").blur()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def test_a_link_opens_the_pages_part_in_a_dialog(new_page: Callable[..., Any]) -> None:
    page = staged(new_page).page
    link = page.get_by_role("link", name="Dialog", exact=True)
    link.click()
    dialog = page.locator("#modal")
    expect(dialog.get_by_role("heading", name="Cyber resilience")).to_be_visible()
    expect(page.locator("#modal #dialog")).to_have_count(1)
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#dialog")).to_have_count(1)
    expect(link).to_be_focused()


def test_a_toast_appears_and_can_be_dismissed(new_page: Callable[..., Any]) -> None:
    page = staged(new_page).page
    page.get_by_role("link", name="Toast", exact=True).click()
    toast = page.locator("#toasts .toast")
    expect(toast).to_be_visible()
    expect(toast).to_have_text("Reminder sent to 2 people.", use_inner_text=True)
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


def test_copying_says_so_for_two_seconds(new_page: Callable[..., Any]) -> None:
    stage = staged(new_page, permissions=["clipboard-read", "clipboard-write"])
    page = stage.open_stopped("/styleguide/")
    button, done = (page.get_by_role("button", name=name, exact=True) for name in ("Copy link", "Copied"))
    button.click()
    expect(done).to_be_visible()
    page.clock.run_for(1_900)
    expect(page.locator("#announcer")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "http://portal.localhost/styleguide/"
    expect(done).to_be_visible()
    page.clock.run_for(100)
    expect(button).to_be_visible()
    expect(done).to_have_count(0)


def test_rows_are_selected_together(new_page: Callable[..., Any]) -> None:
    page = staged(new_page).page
    bar, head = page.locator("[data-bulk-bar]"), page.get_by_role("checkbox", name="Select all assessments")
    expect(bar).to_have_text(re.compile(r"^\s*1 selected"))
    assert head.evaluate("e => e.indeterminate")
    head.click()
    expect(bar).to_have_text(re.compile(r"^\s*4 selected"))
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()
    expect(page.locator("tr.is-selected")).to_have_count(0)


def test_a_password_can_be_shown_and_hidden(new_page: Callable[..., Any]) -> None:
    page = staged(new_page).page
    field, toggle = page.locator("#plain_password"), page.locator("[aria-controls=plain_password]")
    toggle.click()
    expect(field).to_have_attribute("type", "text")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    toggle.click()
    expect(field).to_have_attribute("type", "password")


def test_a_refused_request_gives_a_toast_and_leaves_the_page(new_page: Callable[..., Any], browser_errors: Any) -> None:
    stage = staged(new_page)
    page, toast = stage.page, stage.page.locator("#toasts .toast")
    page.evaluate(COUNT_REQUESTS)
    before, address = page.locator("main").inner_html(), page.url
    refusals = {
        403: "You do not have access to that.",
        404: "That is not here any more.",
        429: "That was too often.",
        503: "Something went wrong on our side.",
        None: "No connection.",
    }
    for number, (status, words) in enumerate(refusals.items(), start=1):
        body = None if status is None else '<div id="charts" hx-swap-oob="true">Gone</div><p>An error page</p>'
        stage.at["/styleguide/"] = lambda asked, body=body, status=status: Answer(body, status or 200)
        page.get_by_role("link", name="Toast", exact=True).click()
        expect(toast).to_contain_text(words)
        toast.get_by_role("button", name="Dismiss").click()
        expect(toast).to_have_count(0)
        expect(page.locator("body")).to_have_attribute("data-requests", str(number))
        assert page.locator("main").inner_html() == before
        assert page.url == address
    browser_errors.allow("Failed to load resource|htmx:error")


def test_without_javascript_everything_is_still_there(new_page: Callable[..., Any]) -> None:
    page = staged(new_page, java_script_enabled=False).page
    expect(page.get_by_role("heading", name="Styleguide")).to_be_visible()
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()
    expect(page.get_by_role("link", name="Dialog", exact=True)).to_have_attribute("href", "#dialog")


def test_paper_shows_the_content_only(new_page: Callable[..., Any]) -> None:
    page = staged(new_page).page
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".preview-bar")).to_be_hidden()
    expect(page.locator(".btn").first).to_be_hidden()
    expect(page.locator("svg.gauge").first).to_be_visible()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
