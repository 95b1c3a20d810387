"""Every account holds unique strings; whoever follows every link meets only those that are theirs."""

import re
from collections import deque
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import accounts
from accounts.models import Account
from accounts.viewer import Viewer
from assessments.actions import answers, assessments, finding_actions, findings, uploads
from assessments.models import SectionNote
from library.models import Definition
from tests import cast

pytestmark = pytest.mark.django_db

CLIENT_OF = {"Northwind": "priya", "Cobalt": "carla", "Juniper": "iris", "Marigold": "mia", "Granite": "greg"}
MAY_SEE = {
    "priya": {"Northwind"},
    "dora": {"Northwind"},
    "carla": {"Cobalt"},
    "theo": {"Cobalt"},
    "iris": {"Juniper"},
    "sam": {"Northwind", "Juniper"},
    "lena": {"Cobalt"},
    "dana": {"Northwind"},
    "ada": {"Northwind", "Cobalt", "Juniper"},
    "noor": set(),
    "mia": {"Marigold"},
    "jonas": {"Marigold"},
    "amara": {"Marigold", "Granite"},
}
LINK = re.compile(r'(?:href|hx-get|action)="(/[^"#]*)"')
MOST_PAGES = 150


def canary(company: str, of: str) -> str:
    return f"canary-{company}-{of}".lower()


def secret(company: str, of: str) -> str:
    """A string of what is not released: for the account's staff, and for no client."""
    return f"secret-canary-{company}-{of}".lower()


FOUND = ("finding", "text", "action", "owner", "reason", "note")
PLACED = ("site", "city", "run", "answer", "comment", "file", "content", *FOUND)
STAFF = {"sam", "lena", "dana", "ada", "noor", "jonas", "amara"}


@pytest.fixture
def canaries() -> set[str]:
    """Sites, run names, answers and comments of every account, each with a string nobody else has."""
    placed = set()
    for company, client in CLIENT_OF.items():
        home = cast.HOME[client]
        with cast.inside(home):
            account, viewer = cast.account(company), cast.viewer(client, company)
            accounts.add_site(
                by=cast.system(home), account=account, name=canary(company, "site"), city=canary(company, "city")
            )
            definition = Definition.objects.get(key="business-resilience")
            run = assessments.launch(by=viewer, definition=definition)
            run.name = canary(company, "run")
            run.save()
            question = next(
                one for one in cast.document("business-resilience").questions() if one.type in ("text", "long_text")
            )
            answers.save(
                by=viewer, assessment=run, question_key=question.key, state="answered", raw=canary(company, "answer"),
                comment=canary(company, "comment"),
            )  # fmt: skip
            attach(viewer, company)
            find_out(viewer, company, canary, released=True)
            find_out(viewer, company, secret, released=False)
        placed |= {canary(company, of) for of in PLACED}
        placed |= {secret(company, of) for of in FOUND}
    return placed


def find_out(viewer: Viewer, company: str, bird: Callable[[str, str], str], *, released: bool) -> None:
    """A submitted run with a finding, an action, a note and an accepted risk, released to the client or not."""
    by = cast.system(cast.HOME[CLIENT_OF[company]])
    run = assessments.launch(by=viewer, definition=Definition.objects.get(key="vendor-risk"), another=True)
    cast.answer_everything(by=viewer, assessment=run)
    run = assessments.submit(by=viewer, assessment=run)
    finding = findings.create(
        by=by, assessment=run, title=bird(company, "finding"), text=bird(company, "text"), severity="high"
    )
    finding_actions.add(by=by, finding=finding, title=bird(company, "action"), owner_name=bird(company, "owner"))
    findings.set_state(by=by, assessment=run, findings=[finding], state="accepted", reason=bird(company, "reason"))
    SectionNote.objects.create(
        organization=run.organization, account=run.account, assessment=run, kind="gaps", text=bird(company, "note")
    )
    if released:
        assessments.release(by=by, assessment=run)


def attach(viewer: Viewer, company: str) -> None:
    """Evidence in a run of its own; the crawl reads the list and downloads the file."""
    run = assessments.launch(by=viewer, definition=Definition.objects.get(key="vendor-risk"))
    file = SimpleUploadedFile(f"{canary(company, 'file')}.txt", canary(company, "content").encode())
    uploads.add(by=viewer, assessment=run, question_key="over-list", purpose="evidence", file=file)


@pytest.mark.parametrize("name", MAY_SEE)
def test_following_every_link_meets_only_ones_own(name: str, canaries: set[str]):
    own = {bird for bird in canaries if any(f"canary-{company}-".lower() in bird for company in MAY_SEE[name])}
    if name not in STAFF:
        own = {bird for bird in own if not bird.startswith("secret")}
    met: set[str] = set()
    for address, body in crawl(name):
        singing = {bird for bird in canaries if bird in body.lower()}
        if name not in STAFF:
            assert "secret-canary" not in body.lower(), f"{name} met what is not released at {address}"
        assert singing <= own, f"{name} met {singing - own} at {address}"
        met |= singing
    assert bool(met) == bool(own), f"{name} met {met}: the crawl did not get far enough to prove anything"


def crawl(name: str):
    """This will open every page a person can reach by links, starting at the door: (address, body)."""
    visitor = cast.visitor(name)
    with cast.inside(cast.HOME[name]):
        starts = [f"/portal/{account_id}/" for account_id in Account.objects.values_list("id", flat=True)]
    queue, seen = deque(["/?choose", "/staff/", *starts]), set()
    while queue and len(seen) < MOST_PAGES:
        address = queue.popleft()
        if address in seen or address.startswith(("/static/", "/account/logout", "/operator/", "/styleguide/")):
            continue
        seen.add(address)
        response = visitor.get(address)
        if response.status_code in (301, 302, 303):
            queue.append(response["Location"])
            continue
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode(errors="replace")
        yield address, text
        if response.status_code == 200 and "html" in response["Content-Type"]:
            queue.extend(link.replace("&amp;", "&") for link in LINK.findall(text))
