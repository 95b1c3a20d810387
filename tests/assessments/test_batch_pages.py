"""The pages of batches: the form that loses nothing, the dry run, the page that follows the sending."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, MailState
from assessments.actions import batches
from assessments.batching import batch_plan
from assessments.batching.batch_input import Row
from assessments.batching.batch_plan import Setup
from assessments.models import Assessment, Batch, BatchDraft, Respondent
from library.models import Definition
from tests import cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def new_url(account: str = "Northwind") -> str:
    return (
        reverse("staff:account_batch_new", args=[cast.account(account).pk]) if account else reverse("staff:batch_new")
    )


def fields(**more) -> dict:
    with cast.inside():
        definition = Definition.objects.get(key="vendor-risk")
    usual = {
        "definition": str(definition.pk), "name": "Spring check", "who": "paste", "mode": "shared", "notify_at_percent": "80",
        "every_months": "0", "text": "Ann <ann@example.com>\nBo; bo@example.com\nnonsense",
    }  # fmt: skip
    return usual | more


def upload(text: str, name: str = "people.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def drafted(visitor: Client, account: str = "Northwind", **more) -> BatchDraft:
    """This will send the form in and return what was kept of it."""
    answer = visitor.post(new_url(account), fields(**more))
    assert answer.status_code == 303, answer.content.decode()[:2000]
    with cast.inside():
        return BatchDraft.objects.get(pk=answer["Location"].rstrip("/").split("/")[-1])


def at(name: str, thing: BatchDraft | Batch, *more) -> str:
    return reverse(f"staff:{name}", args=[thing.pk, *more])


def token(visitor: Client, draft: BatchDraft) -> str:
    return visitor.get(at("batch_draft", draft)).context["plan"].token


def sent(visitor: Client, draft: BatchDraft) -> Batch:
    answer = visitor.post(at("batch_creation", draft), {"seen": token(visitor, draft)})
    assert answer.status_code == 303, answer.content.decode()[:2000]
    with cast.inside():
        return Batch.objects.get(pk=answer["Location"].rstrip("/").split("/")[-1])


def invited(batch: Batch, who: str = "sam") -> None:
    with cast.inside():
        while batches.invite_some(by=cast.viewer(who), batch=batch):
            pass


def of_many(count: int, who: str = "sam", name: str = "person") -> Batch:
    """This will send a batch to so many people of Northwind, past the pages."""
    with cast.inside():
        setup = Setup(definition=str(Definition.objects.get(key="vendor-risk").pk), name=f"To {count}")
        rows = [Row(number, f"Person {number:03}", f"{name}{number:03}@example.com") for number in range(1, count + 1)]
        setup_by = cast.viewer(who, "Northwind")
        draft = batches.keep(by=setup_by, account=cast.account("Northwind"), setup=setup, rows=rows)
        by = cast.viewer(who)
        batch = batches.create(by=by, draft=draft, seen=batch_plan.plan(by, draft).token)
    invited(batch, who)
    return batch


def html(response: HttpResponse) -> str:
    return response.content.decode()


# --- The form ---------------------------------------------------------------------------------------------------------


def test_the_way_leads_from_the_menu_over_the_dry_run_to_the_batch():
    sam = cast.visitor("sam")
    assert new_url() in html(sam.get(reverse("staff:account_overview", args=[cast.account("Northwind").pk])))
    assert new_url("") in html(sam.get(reverse("staff:overview")))
    draft = drafted(sam)
    page = html(sam.get(at("batch_draft", draft)))
    assert "Send 2 invitations" in page
    assert "1 row is not used." in page
    assert "Not an email address" in page
    with cast.inside():
        assert not Assessment.objects.filter(name="Spring check").exists()
    batch = sent(sam, draft)
    page = html(sam.get(at("batch", batch)))
    assert "ann@example.com" in page
    assert "bo@example.com" in page


def test_an_error_loses_nothing_typed():
    answer = cast.visitor("sam").post(new_url(), fields(due_on="2020-01-01", message="Kind words"))
    page = html(answer)
    assert answer.status_code == 422
    assert "This day has passed." in page
    assert "Bo; bo@example.com" in page
    assert "Kind words" in page
    assert 'value="Spring check"' in page


def test_an_error_loses_no_file_either():
    sam = cast.visitor("sam")
    sent_in = fields(who="file", text="", due_on="2020-01-01", file=upload("name,email\nAnn,ann@example.com\n"))
    answer = sam.post(new_url(), sent_in)
    assert answer.status_code == 422
    assert "people.csv with 1 rows is kept" in html(answer)
    with cast.inside():
        draft = BatchDraft.objects.get()
    again = sam.post(new_url(), fields(who="file", text="", draft=str(draft.pk)))
    assert again["Location"] == at("batch_draft", draft)
    assert sam.get(again["Location"]).context["plan"].invited == 1


def test_the_dry_run_leads_back_to_the_form_with_everything_in_it():
    sam = cast.visitor("sam")
    draft = drafted(sam, message="Kind words", every_months="3", mode="independent")
    page = html(sam.get(f"{new_url()}?draft={draft.pk}"))
    assert "Kind words" in page
    assert "Bo; bo@example.com" in page
    assert '<option value="3" selected>' in page


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"definition": ""}, "Choose an assessment."),
        ({"definition": "00000000-0000-0000-0000-000000000000"}, "can be launched no longer"),
        ({"text": " \n "}, "Type or paste at least one email address."),
        ({"who": "file"}, "Choose a file."),
        ({"who": "pick"}, "Pick at least one person."),
        ({"who": "nonsense"}, "nonsense"),
        ({"text": "\n".join(f"p{n}@example.com" for n in range(5_001))}, "more than 5,000 people"),
        ({"message": "x" * 2_001}, "2000"),
        ({"text": "a\x00@example.com"}, "Null characters"),
    ],
)
def test_what_is_missing_is_said_at_its_field(more: dict, why: str):
    answer = cast.visitor("sam").post(new_url(), fields(**more))
    assert answer.status_code == 422
    assert why in html(answer)


@pytest.mark.parametrize("content", [b"\x00\x01", b"PK\x03\x04nothing", b'name,email\n"open', b""])
def test_a_hostile_file_is_refused_with_words(content: bytes):
    file = SimpleUploadedFile("=cmd.csv", content)
    answer = cast.visitor("sam").post(new_url(), fields(who="file", file=file))
    assert answer.status_code == 422
    assert "error" in html(answer)


def test_people_are_picked_from_the_account():
    sam = cast.visitor("sam")
    page = html(sam.get(new_url()))
    assert cast.EMAILS["priya"] in page
    assert cast.EMAILS["carla"] not in page
    draft = drafted(sam, who="pick", people=[str(cast.person("priya").pk), str(cast.person("carla").pk)])
    assert [one.email for one in sam.get(at("batch_draft", draft)).context["plan"].judged] == [cast.EMAILS["priya"]]


def test_accounts_are_picked_from_ones_own():
    lena = cast.visitor("lena")
    page = html(lena.get(new_url("")))
    assert "Northwind" not in page
    northwind = cast.account("Northwind")
    draft = drafted(lena, "", who="accounts", accounts=[str(northwind.pk)], invites="nobody")
    assert lena.get(at("batch_draft", draft)).context["plan"].accounts == []


def test_hostile_rows_are_shown_as_text():
    sam = cast.visitor("sam")
    draft = drafted(sam, text='<script>alert(1)</script>; x@example.com\n=HYPERLINK("http://x.example"); y')
    page = html(sam.get(at("batch_draft", draft)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    rows = list(csv.reader(io.StringIO(sam.get(at("batch_draft_csv", draft)).content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert not any(cell.startswith("=") for row in rows for cell in row)


# --- The dry run ------------------------------------------------------------------------------------------------------


def test_the_rows_are_filtered_by_verdict_and_searched():
    sam = cast.visitor("sam")
    draft = drafted(sam)
    found = sam.get(at("batch_draft", draft), {"verdict": "left_out"}, headers=HTMX)
    assert [one.row.number for one, _word in found.context["rows"]] == [3]
    assert "Send 2" not in html(found)
    assert [one.row.number for one, _word in sam.get(at("batch_draft", draft), {"q": "bo@"}).context["rows"]] == [2]
    assert "No row matches" in html(sam.get(at("batch_draft", draft), {"q": "zzz"}))


def test_sending_what_changed_meanwhile_is_refused_with_what_it_would_be_now():
    sam = cast.visitor("sam")
    draft = drafted(sam)
    answer = sam.post(at("batch_creation", draft), {"seen": "old"})
    assert answer.status_code == 409
    assert "nothing was sent" in html(answer)


def test_a_second_click_leads_to_the_same_batch():
    sam = cast.visitor("sam")
    draft = drafted(sam)
    seen = token(sam, draft)
    first, second = (sam.post(at("batch_creation", draft), {"seen": seen})["Location"] for _click in range(2))
    assert first == second
    assert sam.get(at("batch_draft", draft))["Location"] == first


def test_who_is_answering_it_already_is_asked_after_a_click():
    sam = cast.visitor("sam")
    sent(sam, drafted(sam))
    draft = drafted(sam)
    assert "There is nothing to send yet." in html(sam.get(at("batch_draft", draft)))
    sam.post(at("batch_draft", draft), {"includes_present": "1"})
    assert "Send 2 invitations" in html(sam.get(at("batch_draft", draft)))


def test_a_draft_is_discarded():
    sam = cast.visitor("sam")
    draft = drafted(sam)
    assert "Spring check" in html(sam.get(reverse("staff:batches")))
    sam.post(at("batch_draft_removal", draft))
    assert sam.get(at("batch_draft", draft)).status_code == 404


# --- The batch --------------------------------------------------------------------------------------------------------


def test_the_progress_is_asked_for_until_all_is_sent():
    sam, batch = cast.visitor("sam"), of_many(3)
    part = sam.get(at("batch_sending", batch), headers=HTMX)
    assert 'hx-trigger="every 2s"' in html(part)
    assert "Sending: 0 of 3" in html(part)
    with cast.inside():
        Mail.objects.update(state=MailState.SENT)
    part = sam.get(at("batch_sending", batch), headers=HTMX)
    assert "hx-trigger" not in html(part)
    assert "3 invitations, all handled" in html(part)
    assert "batchSent" in part["HX-Trigger"]
    assert html(part).strip() in html(sam.get(at("batch", batch)))


def test_the_people_are_filtered_and_searched():
    sam, batch = cast.visitor("sam"), of_many(4)
    with cast.inside():
        one, two, three, _four = Respondent.objects.filter(assessment__batch=batch).order_by("email")
        Respondent.objects.filter(pk=one.pk).update(opened_at=timezone.now())
        Respondent.objects.filter(pk=two.pk).update(submitted_at=timezone.now())
        Mail.objects.filter(about=three.pk).update(state=MailState.BOUNCED, error="No such mailbox")
        Mail.objects.exclude(about=three.pk).update(state=MailState.UNKNOWN)
    shown = {
        view: [line.name for line in sam.get(at("batch", batch), {"view": view}).context["lines"]]
        for view in ("all", "not_started", "missing", "done", "bounced", "unknown")
    }
    names = [f"Person {number:03}" for number in (1, 2, 3, 4)]
    assert shown == {
        "all": names, "not_started": names[2:], "missing": [names[0], *names[2:]], "done": [names[1]],
        "bounced": [names[2]], "unknown": [names[0], names[1], names[3]],
    }  # fmt: skip
    page = html(sam.get(at("batch", batch)))
    assert "No such mailbox" in page
    assert "Not certain whether these arrived" in page
    assert [line.name for line in sam.get(at("batch", batch), {"q": "003"}).context["lines"]] == [names[2]]


def test_an_uncertain_mail_is_sent_again_once():
    sam, batch = cast.visitor("sam"), of_many(1)
    with cast.inside():
        Mail.objects.update(state=MailState.UNKNOWN)
        mail = Mail.objects.get()
    assert sam.post(at("batch_mail", batch, mail.pk)).status_code == 303
    assert sam.post(at("batch_mail", batch, mail.pk)).status_code == 303
    with cast.inside():
        assert Mail.objects.get().state in (MailState.QUEUED, MailState.SENT)


def test_reminding_reaches_the_ticked_or_everybody_missing():
    sam, batch = cast.visitor("sam"), of_many(3)
    with cast.inside():
        people = list(Respondent.objects.filter(assessment__batch=batch).order_by("email"))
    sam.post(at("batch_reminders", batch), {"ids": [str(people[0].pk)]})
    with cast.inside():
        assert [mail.about for mail in Mail.objects.filter(kind="assessments.reminder")] == [people[0].pk]
    sam.post(at("batch_reminders", batch))
    with cast.inside():
        assert Mail.objects.filter(kind="assessments.reminder").count() == 3


def test_the_due_date_is_changed_and_a_wrong_one_refused():
    sam, batch = cast.visitor("sam"), of_many(1)
    wrong = sam.post(at("batch_due_date", batch), {"due_on": "2020-01-01"}, headers=HTMX)
    assert wrong.status_code == 422
    day = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)
    assert sam.post(at("batch_due_date", batch), {"due_on": day.isoformat()}).status_code == 303
    with cast.inside():
        assert Assessment.objects.get(batch=batch).due_on == day


def test_the_table_is_given_as_a_file_without_formulas():
    sam, batch = cast.visitor("sam"), of_many(2)
    with cast.inside():
        Respondent.objects.filter(assessment__batch=batch, name="Person 001").update(name="=1+1")
    rows = list(csv.reader(io.StringIO(sam.get(at("batch_csv", batch)).content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Account", "Name", "Email"]
    assert sorted(row[1] for row in rows[1:]) == ["'=1+1", "Person 002"]


def test_the_executive_of_another_account_sees_nothing_of_it():
    batch = of_many(2)
    lena = cast.visitor("lena")
    assert lena.get(at("batch", batch)).status_code == 404
    assert f"To {2}" not in html(lena.get(reverse("staff:batches")))
    for name in ("batch_csv", "batch_sending"):
        assert lena.get(at(name, batch)).status_code == 404
    assert lena.post(at("batch_reminders", batch)).status_code == 404


def test_a_batch_over_two_executives_shows_each_their_rows_and_counts():
    with cast.inside():
        lenas = batch_plan.usable_accounts(cast.viewer("lena"))[0].name
    ada = cast.visitor("ada")
    text = (
        f"Ann; ann@example.com; Northwind Dental\nBo; bo@example.com; Northwind Dental\nLea; lea@example.com; {lenas}"
    )
    batch = sent(ada, drafted(ada, "", text=text))
    invited(batch, "ada")
    sees = {who: html(cast.visitor(who).get(at("batch", batch))) for who in ("ada", "sam", "lena")}
    listed = {who: cast.visitor(who).get(reverse("staff:batches")).context["rows"][0] for who in sees}
    for who, mine, others in (("sam", ("ann@", "bo@"), ("lea@", lenas)), ("lena", ("lea@",), ("ann@", "Northwind"))):
        assert all(word in sees[who] for word in mine)
        assert not any(word in sees[who] for word in others), who
    assert "3 accounts" not in sees["sam"]
    assert {who: (row.people, row.accounts) for who, row in listed.items()} == {
        "ada": (3, 2), "sam": (2, 1), "lena": (1, 1),
    }  # fmt: skip


def test_an_unknown_account_and_one_of_somebody_else_read_the_same():
    lena = cast.visitor("lena")
    draft = drafted(lena, "", text="a@example.com; A; Northwind Dental\na@example.com; A; Nowhere Inc")
    first, second = lena.get(at("batch_draft", draft)).context["rows"]
    assert (first[1], first[0].why, first[0].verdict) == (second[1], second[0].why, second[0].verdict)


@pytest.mark.parametrize("view", ["batch", "batches", "batch_draft"])
def test_the_queries_are_the_same_for_1_3_and_40_rows(view: str):
    sam, counts = cast.visitor("sam"), []
    made = 0
    for target in (1, 3, 40) if view != "batches" else (1, 3, 12):
        if view == "batches":
            while made < target:
                of_many(2, name=f"of{made}-")
                made += 1
            url = reverse("staff:batches")
        elif view == "batch":
            url = at("batch", of_many(target))
        else:
            draft = drafted(sam, text="\n".join(f"p{n}@example.com" for n in range(target)))
            url = at("batch_draft", draft)
        sam.get(url)
        with CaptureQueriesContext(connections["default"]) as taken:
            assert sam.get(url).status_code == 200
        counts.append(len(taken))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 30, counts
