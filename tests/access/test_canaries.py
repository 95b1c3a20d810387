"""Every account holds unique strings; whoever follows every link meets only those that are theirs."""

import re
from collections import deque

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import accounts
from accounts.models import Account
from accounts.viewer import Viewer
from assessments.actions import answers, assessments, uploads
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
        placed |= {canary(company, of) for of in ("site", "city", "run", "answer", "comment", "file", "content")}
    return placed


def attach(viewer: Viewer, company: str) -> None:
    """Evidence in a run of its own; the crawl reads the list and downloads the file."""
    run = assessments.launch(by=viewer, definition=Definition.objects.get(key="vendor-risk"))
    file = SimpleUploadedFile(f"{canary(company, 'file')}.txt", canary(company, "content").encode())
    uploads.add(by=viewer, assessment=run, question_key="over-list", purpose="evidence", file=file)


@pytest.mark.parametrize("name", MAY_SEE)
def test_following_every_link_meets_only_ones_own(name: str, canaries: set[str]):
    own = {bird for bird in canaries if any(f"canary-{company}-".lower() in bird for company in MAY_SEE[name])}
    met: set[str] = set()
    for address, body in crawl(name):
        singing = {bird for bird in canaries if bird in body.lower()}
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
