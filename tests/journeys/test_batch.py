"""A batch of 200 people by CSV with ten bad rows: seen first, sent once, followed to the last mail."""

import csv
import datetime
import io
import re
import uuid

import pytest
from django.core import mail as outbox
from django.utils import timezone
from playwright.sync_api import expect

import accounts.tasks
import assessments.tasks
from accounts.actions import mails
from accounts.models import Mail, MailState
from assessments.models import Assessment, Batch, Respondent
from portal.web import jobs
from tests import cast
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready

BAD = [
    ("No address", ""),
    ("Not one", "not an address"),
    ("Half of one", "half@"),
    ("No dot", "person@intranet"),
    ("Twice", "person001@northwind-staff.example"),
    ("Twice in capitals", "PERSON002@Northwind-Staff.example"),
    ("x" * 140, "long@northwind-staff.example"),
    ("Our own Sam", "sam@harbor.example"),
    ("=HYPERLINK(0)", "=cmd|calc"),
    ("Two in one", "a@example.com b@example.com"),
]


def people() -> bytes:
    """This will write the file: 190 good rows, a bad one after every nineteen."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(["Full name", "E-mail address"])
    for number in range(190):
        rows.writerow([f"Person {number:03}", f"person{number:03}@northwind-staff.example"])
        if number % 19 == 18:
            rows.writerow(BAD[number // 19])
    return ("\ufeff" + out.getvalue()).encode()


@pytest.fixture
def worker(monkeypatch) -> list[tuple[str, tuple]]:
    """This will collect the jobs that pages hand over, for the test to do them when it says."""
    waiting: list[tuple[str, tuple]] = []
    monkeypatch.setattr(jobs, "hand_over", lambda name, *arguments: waiting.append((name, arguments)) or True)
    return waiting


def work(waiting: list[tuple[str, tuple]], *names: str) -> None:
    """This will do the waiting jobs, or those of these names, as a worker would, with those they hand over."""
    known = {
        "assessments.tasks.invite_batch": assessments.tasks.invite_batch,
        "accounts.tasks.deliver": accounts.tasks.deliver,
        "accounts.tasks.deliver_due": accounts.tasks.deliver_due,
    }
    while chosen := next((job for job in waiting if not names or job[0] in names), None):
        waiting.remove(chosen)
        known[chosen[0]](*chosen[1])


def test_a_batch_of_200_people_by_csv_with_ten_bad_rows(live_portal, page, worker, tmp_path):
    outbox.outbox = []
    file = tmp_path / "people.csv"
    file.write_bytes(people())
    northwind = cast.account("Northwind").pk
    sign_in(page, live_portal, "sam")
    page.goto(live_portal.url(f"/staff/accounts/{northwind}/batches/new/"))
    ready(page)
    page.get_by_label("Assessment", exact=True).select_option(label="Vendor and supply chain risk")
    page.locator(".option", has_text="Upload a list").click()
    page.get_by_label("CSV or Excel file").set_input_files(file)
    page.get_by_label("Due date").fill((timezone.localdate() + datetime.timedelta(days=21)).isoformat())
    page.get_by_label("Message").fill("It takes about ten minutes.")
    page.get_by_role("button", name="Check the list").click()

    # The dry run: every row with its verdict, and nothing done yet.
    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()
    ready(page)
    expect(page.locator("#decision")).to_contain_text("10 rows are not used.")
    page.get_by_role("navigation", name="Verdict").get_by_role("link", name="Not used 10").click()
    expect(page.locator("#rows tbody tr")).to_have_count(10)
    expect(page.locator("#rows tbody tr").first).to_contain_text("21")
    expect(page.locator("#rows")).to_contain_text("The same person as in row 3.")
    expect(page.locator("#rows")).to_contain_text("Looks after this account for you")
    with cast.inside():
        assert not Assessment.objects.filter(batch__isnull=False).exists()
        assert not Mail.objects.filter(kind="assessments.invitation").exists()

    # Sending, twice as quick as a hand can: one batch.
    page.get_by_role("button", name="Send 190 invitations").dblclick()
    page.wait_for_url(re.compile(r"/staff/batches/[0-9a-f-]{36}/$"))
    ready(page)
    sending = page.locator("#sending")
    expect(sending).to_contain_text("Sending: 0 of 190")
    with cast.inside():
        batch = Batch.objects.get(pk=uuid.UUID(page.url.rstrip("/").split("/")[-1]))
        assert Batch.objects.count() == 1
        assert Respondent.objects.filter(assessment__batch=batch).count() == 190

    # The worker writes the invitations down, and dies over the first mail: between taking it and the server's answer.
    work(worker, "assessments.tasks.invite_batch")
    with cast.inside():
        first = Mail.objects.filter(kind="assessments.invitation").order_by("created_at", "id")[0]
        assert mails.claim(mail_id=first.pk) is not None
    work(worker)
    expect(sending).to_contain_text("Sending: 189 of 190")
    assert len(outbox.outbox) == 189

    # Nobody sends that one again by themselves: the clock marks it, and a person decides.
    with cast.inside():
        Mail.objects.filter(pk=first.pk).update(claimed_at=timezone.now() - datetime.timedelta(minutes=10))
    accounts.tasks.sweep_mails()
    work(worker)
    expect(sending).to_contain_text("190 invitations, all handled")
    expect(sending).to_contain_text("1 not certain")
    assert len(outbox.outbox) == 189
    page.reload()
    ready(page)
    page.get_by_role("button", name=f"Send again {first.to_email}").click()
    expect(page.locator("#toasts")).to_contain_text("is sent again")
    work(worker)
    page.reload()
    ready(page)
    expect(sending).to_contain_text("190 sent")

    # Every mail went out, each to another person, each once.
    sent_to = sorted(letter.to[0] for letter in outbox.outbox)
    assert sent_to == sorted(f"person{number:03}@northwind-staff.example" for number in range(190))
    assert all("It takes about ten minutes." in letter.body for letter in outbox.outbox)
    links = {re.search(r"/r/([\w-]+)/", letter.body)[1] for letter in outbox.outbox}
    assert len(links) == 190
    with cast.inside():
        assert set(Mail.objects.filter(kind="assessments.invitation").values_list("state", flat=True)) == {
            MailState.SENT
        }

    # The rows say it, 25 to a page, and can be searched.
    expect(page.locator("#rows tbody tr")).to_have_count(25)
    expect(page.locator("#rows")).to_contain_text("Showing 1–25 of 190")
    page.get_by_label("Search people").fill("person123")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    expect(page.locator("#rows tbody tr")).to_contain_text("Person 123")
