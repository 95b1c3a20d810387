"""The whole way, in a browser, with OWASP SAMM's own model: import, publish, assign, answer, review, release, preview."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts.models import Account, Membership
from assessments.actions import answers
from assessments.models import Assessment
from library.models import Definition
from portal.demo.cast import PASSWORD
from tests import cast
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready

NOTICE = (
    "This feature is only available to client users. In preview mode, use the Create button in the sidebar to create an "
    "assessment for this account."
)


@pytest.fixture
def samm_zip(conformance_data: Path, tmp_path: Path) -> Path:
    """The model's folder as its authors publish it, zipped."""
    model = conformance_data / "owasp-samm" / "core-model"
    archive = tmp_path / "samm-core.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for file in sorted(model.rglob("*.yml")):
            zipped.write(file, Path("core-model") / file.relative_to(model))
    return archive


def test_from_a_file_to_a_released_score(live_portal, new_page, samm_zip: Path, browser_errors):
    # 1. An Admin imports the definition, sees it as a draft and publishes it.
    admin = new_page()
    sign_in(admin, live_portal, "ada")
    admin.get_by_role("link", name="Assessment library").first.click()
    admin.get_by_role("link", name="Import").first.click()
    admin.get_by_label("File").set_input_files(samm_zip)
    admin.get_by_role("button", name="Read the file").click()
    expect(admin.get_by_role("heading", name="What it becomes")).to_be_visible()
    admin.get_by_role("button", name="Import as a draft").click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("SAMM")
    expect(admin.locator("main")).to_contain_text("90 questions")
    expect(admin.locator("main")).to_contain_text("Draft")
    admin.get_by_role("button", name=re.compile("Publish")).click()
    expect(admin.locator("main")).to_contain_text("Published")

    # 2. The Admin creates an account with its sites and people.
    admin.get_by_role("link", name="Accounts").first.click()
    admin.get_by_role("link", name=re.compile("New account|Create account|Add account")).first.click()
    admin.get_by_label("Name", exact=True).fill("Beacon Software")
    admin.get_by_label("Industry").select_option("513")
    admin.get_by_label("Sites").fill("Studio\nAnnex")
    admin.get_by_role("button", name=re.compile("Create|Add|Save")).last.click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Beacon Software")
    for name, email, role in (
        ("Sam Okafor", cast.EMAILS["sam"], "Account Executive"),
        ("Robin Vale", "robin@beacon.example", "Client"),
    ):
        admin.get_by_role("navigation", name="Account sections").get_by_role("link", name=re.compile("People")).click()
        admin.get_by_role("link", name="Add a person").first.click()
        admin.get_by_label("Name", exact=True).fill(name)
        admin.get_by_label(re.compile("E-?mail")).fill(email)
        admin.get_by_role("radio", name=re.compile(f"^{role}")).check()
        admin.get_by_role("button", name=re.compile("Add")).last.click()
        expect(admin.locator("main")).to_contain_text(name)
    with cast.inside("harbor"):
        beacon = Account.objects.get(name="Beacon Software")
        robin = Membership.objects.get(account=beacon, user__email="robin@beacon.example").user
    robin.set_password(PASSWORD)
    robin.save()
    cast.EMAILS["robin"], cast.HOME["robin"] = robin.email, "harbor"

    # 3. The Account Executive assigns it; it is in the client's Library at once.
    executive = new_page()
    sign_in(executive, live_portal, "sam")
    executive.goto(live_portal.url(f"/staff/accounts/{beacon.id}/"))
    ready(executive)
    executive.get_by_role("link", name=re.compile("Add assessment")).first.click()
    executive.get_by_label("Search assessments").fill("SAMM")
    expect(executive.locator("#choices").get_by_role("checkbox")).to_have_count(1)
    executive.get_by_role("checkbox", name=re.compile("SAMM")).check()
    executive.get_by_role("button", name="Assign").click()
    expect(executive.locator(".toast").first).to_contain_text("Library")

    # 4. The client signs in, finds the card, launches it.
    client = new_page(viewport={"width": 390, "height": 844})
    sign_in(client, live_portal, "robin")
    expect(client.get_by_role("heading", level=1)).to_contain_text("Robin")
    client.get_by_role("navigation", name="Quick navigation").get_by_role("link", name="Library").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Library")
    ready(client)
    client.get_by_label("Search the Library").fill("nothing like it")
    expect(client.locator("main")).to_contain_text("No assessments match")
    client.get_by_label("Search the Library").fill("samm")
    client.get_by_role("button", name=re.compile("Start.*SAMM")).click()
    client.wait_for_url(re.compile("/questions/"))

    # Answers save themselves; the first two, then away.
    for question in (1, 2):
        expect(client.locator("main")).to_contain_text(f"Question {question} of 90")
        client.wait_for_load_state()
        client.locator(".option").nth(1).click()
        expect(client.locator("#saved")).to_contain_text("Saved just now")
        client.locator("[data-next]").click()
    expect(client.locator("main")).to_contain_text("Question 3 of 90")
    with cast.inside("harbor"):
        run = Assessment.objects.get(account=beacon)
        assert (run.answered_count, run.question_count, run.status) == (2, 90, "in_progress")

    # Another browser resumes at the first unanswered question.
    elsewhere = new_page()
    sign_in(elsewhere, live_portal, "robin")
    elsewhere.get_by_role("link", name=re.compile("Continue")).first.click()
    elsewhere.wait_for_url(re.compile("/questions/"))
    expect(elsewhere.locator("main")).to_contain_text("Question 3 of 90")
    # Keys answer and lead on.
    elsewhere.keyboard.press("b")
    expect(elsewhere.locator("#saved")).to_contain_text("Saved just now")
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.locator("main")).to_contain_text("Question 4 of 90")

    # 5. The Account Executive sees the progress while it happens.
    executive.goto(live_portal.url(f"/staff/accounts/{beacon.id}/assessments/{run.id}/"))
    expect(executive.locator("#progress")).to_contain_text("3 / 90")

    # The client reviews, sees what is missing, and submits. (The remaining answers go through the same action.)
    with cast.inside("harbor"):
        robins = cast.viewer_on(robin, beacon)
        run = Assessment.objects.get(account=beacon)
        document = cast.document(run.definition.key)
        for question in document.questions()[3:89]:
            answers.save(
                by=robins, assessment=run, question_key=question.key, state="answered", raw=question.choices[1].key
            )
    elsewhere.goto(live_portal.url(f"/portal/{beacon.id}/assessments/{run.id}/review/"))
    expect(elsewhere.locator("main")).to_contain_text("89")
    elsewhere.goto(live_portal.url(f"/portal/{beacon.id}/assessments/{run.id}/"))
    elsewhere.wait_for_url(re.compile("/questions/"))
    elsewhere.locator(".option").nth(1).click()
    expect(elsewhere.locator("#saved")).to_contain_text("Saved just now")
    elsewhere.locator("[data-next]").click()
    elsewhere.wait_for_url(re.compile("/review/"))
    elsewhere.get_by_role("button", name="Submit").click()
    elsewhere.wait_for_url(re.compile("/submitted/"))
    expect(elsewhere.locator("main")).to_contain_text("Sam Okafor")
    hidden = elsewhere.goto(live_portal.url(f"/portal/{beacon.id}/assessments/{run.id}/results/"))
    assert hidden is not None
    assert hidden.status == 404
    browser_errors.allow("404")

    # Reviewed and released: 90 times 0.25 is 0.75 of 3 by the model's own rule.
    executive.reload()
    expect(executive.locator("main")).to_contain_text("Not visible to the client yet")
    executive.get_by_role("link", name="Release results").click()
    executive.get_by_role("button", name="Release", exact=True).click()
    expect(executive.locator("main")).to_contain_text("Released")
    elsewhere.goto(live_portal.url(f"/portal/{beacon.id}/assessments/{run.id}/results/"))
    expect(elsewhere.locator(".gauge").first).to_be_visible()
    expect(elsewhere.locator(".gauge-value").first).to_contain_text("0.75")
    expect(elsewhere.get_by_role("table").first).to_contain_text("Governance")

    # 6. View as Client: the client's portal, a yellow banner, no writing, and back.
    executive.goto(live_portal.url(f"/staff/accounts/{beacon.id}/"))
    ready(executive)
    executive.get_by_role("link", name=re.compile("View as client", re.I)).first.click()
    executive.get_by_role("radio", name=re.compile("Robin Vale")).check()
    executive.get_by_role("button", name=re.compile("View as client", re.I)).click()
    executive.wait_for_url(re.compile(r"/preview/user-[0-9a-f-]+/portal/"))
    banner = executive.get_by_role("region", name="Preview mode")
    expect(banner).to_contain_text("Beacon Software")
    expect(banner).to_contain_text("Robin Vale")
    assert "255, 216, 61" in banner.evaluate("element => getComputedStyle(element).backgroundColor")
    executive.goto(executive.url.rstrip("/") + "/assessments/available/")
    ready(executive)
    executive.get_by_role("link", name=re.compile("SAMM")).first.click()
    expect(executive.get_by_text(NOTICE)).to_be_visible()
    expect(executive.get_by_role("button", name="Create This Assessment for My Account")).to_have_count(0)
    before = count_of(beacon)
    with (
        executive.expect_navigation(),
        executive.expect_response(lambda answer: answer.request.method == "POST") as caught,
    ):
        executive.evaluate(
            "path => { const f = document.createElement('form'); f.method = 'post'; f.action = path;"
            "const t = document.querySelector('[name=csrfmiddlewaretoken]'); if (t) f.append(t.cloneNode());"
            "document.body.append(f); f.submit(); }",
            re.sub(r"assessments/available/.*", "", executive.url.split("?")[0])
            + f"assessments/available/{id_of_definition('business-resilience')}/assessment/",
        )
    assert caught.value.status == 403
    assert count_of(beacon) == before
    browser_errors.allow("403")
    executive.goto(live_portal.url(f"/preview/user-{robin.id}/portal/{beacon.id}/library/"))
    executive.get_by_role("link", name="Return to Account").click()
    executive.wait_for_url(re.compile(rf"/staff/accounts/{beacon.id}/"))


def count_of(account: Account) -> int:
    with cast.inside("harbor"):
        return Assessment.objects.filter(account=account).count()


def id_of_definition(key: str) -> str:
    with cast.inside("harbor"):
        return str(Definition.objects.get(key=key).id)
