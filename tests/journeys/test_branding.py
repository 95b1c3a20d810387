"""The brand, in two browsers: an Admin makes it yellow, with a logo and words of their own; a client meets it everywhere."""

import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from portal.demo.cast import PASSWORD
from tests import cast
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready

OLD_WORDS = re.compile(r"\b(?:assessments?|account executives?)\b", re.IGNORECASE)


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    """A mark as a provider has one: round, on transparent ground."""
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((0, 0, 399, 399), fill=(20, 24, 31, 255))
    path = tmp_path / "logo.png"
    image.save(path)
    return path


@pytest.fixture(autouse=True)
def frames_run_nothing(browser_errors):
    """The previews stand in frames that run no script: not even the one this test listens with."""
    yield
    browser_errors.allow("Blocked script execution")


def color_of(page, selector: str) -> str:
    return page.locator(selector).first.evaluate("element => getComputedStyle(element).backgroundColor")


def test_a_yellow_brand_with_words_of_its_own(live_portal, new_page, logo: Path, browser_errors):
    # 1. Settings → Branding. What is typed is shown beside it, before anything is saved.
    admin = new_page(viewport={"width": 1440, "height": 900})
    sign_in(admin, live_portal, "ada")
    admin.get_by_role("link", name="Settings").first.click()
    admin.get_by_role("link", name="Branding").first.click()
    admin.get_by_label("Primary color", exact=True).fill("#ffd400")
    expect(admin.locator("#told-brand")).to_contain_text("Your yellow gets dark text")
    expect(admin.locator("#told-brand")).to_contain_text("Links use a darker shade")
    home = admin.frame_locator("iframe[title='Preview: Home of a client']")
    expect(home.locator(".btn-primary").first).to_have_css("background-color", "rgb(255, 212, 0)")
    admin.get_by_label("Sign-in headline").fill("Steady through every storm")
    sign_in_screen = admin.frame_locator("iframe[title='Preview: Sign in']")
    expect(sign_in_screen.get_by_text("Steady through every storm")).to_be_visible()
    admin.get_by_label("Logo on light ground", exact=True).set_input_files(logo)
    expect(admin.locator("#picture-logo_light img")).to_be_visible()
    expect(home.locator(".brand img").first).to_have_attribute("height", "28")
    assert "Steady" not in cast.visitor().get("/account/login/").content.decode(), "nothing is saved yet"

    # 2. A drawing with a script in it is refused, and nothing typed is lost.
    hostile = logo.with_suffix(".svg")
    hostile.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    admin.get_by_label("Browser tab icon", exact=True).set_input_files(hostile)
    expect(admin.locator("#picture-favicon")).to_contain_text("This SVG contains a script")
    expect(admin.get_by_label("Sign-in headline")).to_have_value("Steady through every storm")
    browser_errors.allow("422")

    # 3. In the dark theme too, then saved.
    admin.get_by_role("radio", name="Dark").check()
    expect(home.locator("html")).to_have_attribute("data-theme", "dark")
    admin.get_by_role("button", name="Save the brand").click()
    expect(admin.get_by_text("The brand is saved.")).to_be_visible()

    # 4. Settings → Words. The sentence beside a word says it at once.
    admin.get_by_role("link", name="Words").first.click()
    for term, one, many in (
        ("Account Executive", "Advisor", "Advisors"),
        ("Assessment", "Health check", "Health checks"),
    ):
        row = admin.get_by_role("group", name=term)
        row.get_by_label("One").fill(one)
        row.get_by_label("Many").fill(many)
    expect(admin.get_by_text("Start a health check.", exact=False)).to_be_visible()
    admin.get_by_role("button", name="Save the words").click()
    expect(admin.get_by_role("link", name="Health checks").first).to_be_visible()

    # 5. A client meets the brand before signing in, on Home and in the Library.
    client = new_page()
    client.goto(live_portal.url("/"))
    expect(client.get_by_text("Steady through every storm")).to_be_visible()
    assert color_of(client, ".btn-primary") == "rgb(255, 212, 0)"
    expect(client.locator(".plain-brand img").first).to_be_visible()
    sign_in(client, live_portal, "priya")
    expect(client.locator(".sidebar .brand img").first).to_be_visible()
    expect(client.get_by_role("link", name="Your health checks").first).to_be_visible()
    expect(client.get_by_text("Advisor", exact=True).first).to_be_visible()
    client.get_by_role("link", name="Your health checks").first.click()
    ready(client)
    expect(client.get_by_role("heading", level=1)).to_contain_text(re.compile("health checks", re.IGNORECASE))
    assert not OLD_WORDS.search(client.locator("main .page-head").inner_text())

    # 6. The other organization of the same portal hears none of it.
    other = new_page()
    sign_in(other, live_portal, "amara", organization="sunny")
    expect(other.get_by_role("link", name="Assessments", exact=True).first).to_be_visible()

    # 7. History brings the first brand back.
    admin.get_by_role("link", name="Branding").first.click()
    admin.get_by_role("link", name="History").click()
    admin.get_by_role("button", name="Restore version 1").click()
    expect(admin.get_by_text("Version 1 holds again.")).to_be_visible()
    client.reload()
    ready(client)
    expect(client.locator(".sidebar .brand-mark")).to_be_visible()


def test_unsaved_values_are_not_lost_by_leaving(live_portal, new_page, browser_errors):
    admin = new_page(viewport={"width": 1440, "height": 900})
    sign_in(admin, live_portal, "ada")
    admin.goto(live_portal.url("/staff/settings/branding/"))
    ready(admin)
    admin.get_by_label("Tab title").fill("Something new")
    expect(admin.get_by_text("Not saved yet")).to_be_visible()
    asked = []
    admin.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    admin.get_by_role("link", name="Words").first.click(no_wait_after=True)
    expect(admin.get_by_label("Tab title")).to_have_value("Something new")
    assert asked == ["beforeunload"]


def test_everything_works_without_javascript(live_portal, new_page, logo: Path):
    admin = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    admin.goto(live_portal.url("/account/login/"))
    admin.get_by_label(re.compile("^E-?mail", re.I)).fill(cast.EMAILS["ada"])
    admin.get_by_label("Password", exact=True).fill(PASSWORD)
    admin.get_by_role("button", name="Sign in").click()
    admin.goto(live_portal.url("/staff/settings/branding/"))
    admin.get_by_label("Primary color", exact=True).fill("#0b6e4f")
    admin.get_by_label("Logo on light ground", exact=True).set_input_files(logo)
    admin.get_by_role("button", name="Show").click()
    expect(admin.get_by_title("Home of a client")).to_be_visible()
    admin.get_by_role("radio", name="Edit", exact=True).check()
    expect(admin.locator("#told-brand")).to_contain_text(re.compile(r"Your \w+ gets white text"))
    expect(admin.locator("#picture-logo_light img")).to_be_visible()
    admin.get_by_role("button", name="Save the brand").click()
    expect(admin.get_by_text("The brand is saved.")).to_be_visible()
    assert "/brand/0b6e4f." in cast.visitor().get("/account/login/").content.decode()
