"""The search finds what its viewer may see, and betrays nothing else: canaries in every thing that has a name."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import accounts, contacts, memberships
from accounts.models import Account, Membership
from accounts.roles import Can
from assessments.actions import assessments, findings, reports
from assessments.models import Assessment, EnabledReport, ReportTemplate
from library import cards
from library.models import Definition
from portal.search.registry import LONGEST, words_of
from tests import cast
from tests.assessments import stage as runs
from tests.portal.client.stage import text_of

pytestmark = pytest.mark.django_db

STAFF = "/staff/search/"
# A word that stands in the name of everything below, so that one search would find it all.
BIRD = "zeisig"
COMPANIES = {"Northwind": "priya", "Cobalt": "carla", "Juniper": "iris"}


def of(company: str, thing: str) -> str:
    return f"{BIRD} {company} {thing}"


@pytest.fixture
def aviary():
    """Of each of three companies: a site, a contact, an open run, a finding that is released and one that is not."""
    with cast.inside("harbor") as harbor:
        for company, client in COMPANIES.items():
            account, system = cast.account(company), cast.system()
            accounts.add_site(by=system, account=account, name=of(company, "site"))
            contacts.add(by=system, account=account, name=of(company, "contact"))
            viewer = cast.viewer(client, company)
            definition = Definition.objects.get(key="vendor-risk")
            open_run = assessments.launch(by=viewer, definition=definition, another=True)
            Assessment.objects.filter(pk=open_run.pk).update(name=of(company, "open run"))
            for word, is_released in (("told", True), ("untold", False)):
                run = assessments.launch(by=viewer, definition=definition, another=True)
                cast.answer_everything(by=viewer, assessment=run)
                run = assessments.submit(by=viewer, assessment=run)
                Assessment.objects.filter(pk=run.pk).update(name=of(company, f"{word} run"))
                findings.create(by=system, assessment=run, title=of(company, f"{word} finding"), severity="high")
                if is_released:
                    assessments.release(by=system, assessment=run)
            deleted = assessments.launch(by=viewer, definition=definition, another=True)
            Assessment.objects.filter(pk=deleted.pk).update(name=of(company, "deleted run"))
            assessments.delete(by=cast.viewer("ada", company), assessment=Assessment.objects.get(pk=deleted.pk))
        template = ReportTemplate.objects.filter(organization=harbor).first()
        ReportTemplate.objects.filter(pk=template.pk).update(name=f"{BIRD} template")
        Definition.objects.filter(key="business-resilience").update(name=f"{BIRD} definition")


def found(who: str, address: str = STAFF, words: str = BIRD, **headers: str) -> set[str]:
    """This will be what a person finds: the names in the results, without the word itself."""
    response = cast.visitor(who).get(address, {"q": words}, headers=headers)
    assert response.status_code == 200, response.status_code
    return names(response)


def names(response) -> set[str]:
    page = html.unescape(text_of(response))
    return {name.removeprefix(BIRD).strip() for name in re.findall(r'class="found-name">([^<]*)<', page)}


def portal(account: str = "Northwind") -> str:
    return f"/portal/{cast.account(account).id}/search/"


OF_RUNS = {"open run", "told run", "untold run", "told finding", "untold finding"}


def all_of(*companies: str) -> set[str]:
    return {f"{company} {thing}" for company in companies for thing in OF_RUNS | {"contact"}}


def test_an_admin_finds_everything_of_the_organization(aviary):
    assert found("ada") == all_of(*COMPANIES) | {"definition", "template"}


def test_an_account_executive_finds_what_is_of_the_assigned_accounts(aviary):
    assert found("sam") == all_of("Northwind", "Juniper") | {"definition"}
    assert found("lena") == all_of("Cobalt") | {"definition"}


def test_a_technician_finds_accounts_and_nothing_of_assessments_or_people(aviary):
    assert found("dana") == set()
    assert found("dana", words="Northwind") == {"Northwind Dental"}
    assert found("dana", words="Cobalt") == set()


def test_an_admin_of_another_organization_finds_nothing(aviary):
    response = cast.visitor("jonas").get(STAFF, {"q": BIRD})
    assert names(response) == set()
    assert BIRD not in re.sub(r'value="[^"]*"|“[^”]*”|<title>.*?</title>', "", response.content.decode())


OF_A_CLIENT = {"open run", "told run", "untold run", "told finding"}


def test_a_company_admin_finds_the_company_and_what_is_released(aviary):
    mine = {f"Northwind {thing}" for thing in OF_A_CLIENT | {"site"}}
    assert found("priya", portal()) == mine | ({"definition"} if has_card("priya") else set())


@pytest.mark.parametrize("who", ["dora", "felix"])
def test_an_end_user_finds_no_site_and_nobody(aviary, who: str):
    expected = {f"Northwind {thing}" for thing in OF_A_CLIENT}
    assert found(who, portal()) == expected | ({"definition"} if has_card(who) else set())
    assert found(who, portal(), "Priya") == set()
    assert "Priya Nair" in found("priya", portal(), "Priya")


def test_what_is_not_released_is_found_by_no_client_in_any_word_of_the_answer(aviary):
    for who in ("priya", "marcus", "dora", "felix"):
        for headers in ({}, {"HX-Request": "true"}):
            body = cast.visitor(who).get(portal(), {"q": BIRD}, headers=headers).content.decode()
            for secret in ("untold finding", "deleted run", "Cobalt", "Juniper", "contact"):
                assert secret not in body, (who, secret)


@pytest.mark.parametrize(
    ("ability", "gone"),
    [(Can.VIEW_RESULTS, "told finding"), (Can.BROWSE_LIBRARY, "definition"), (Can.VIEW_REPORTS, "report")],
)
def test_an_ability_that_is_denied_takes_its_things_from_the_search(aviary, ability: Can, gone: str):
    with cast.inside():
        membership = Membership.objects.get(user=cast.person("dora"), account=cast.account("Northwind"))
        memberships.override(by=cast.system(), membership=membership, ability=ability, effect="deny")
    assert not any(gone in name for name in found("dora", portal()))


def test_reports_are_found_once_they_are_enabled_and_released(aviary):
    with cast.inside():
        ada, northwind = cast.viewer("ada", "Northwind"), cast.account("Northwind")
        told = Assessment.objects.get(name=of("Northwind", "told run"))
        template = ReportTemplate.objects.get(name=f"{BIRD} template")
        EnabledReport.objects.filter(account=northwind).delete()
        reports.make(by=ada, assessment=told, template=template)
        assert "template" not in found("priya", portal())
        EnabledReport.objects.create(organization=northwind.organization, account=northwind, template=template)
    assert "template" in found("priya", portal())
    assert "template" not in found("carla", portal("Cobalt"))


def test_every_address_found_opens(aviary):
    """What is in a list opens, and nothing else is (I4)."""
    for who, address in (("ada", STAFF), ("sam", STAFF), ("priya", portal()), ("dora", portal())):
        visitor = cast.visitor(who)
        page = html.unescape(text_of(visitor.get(address, {"q": BIRD})))
        results = page[page.index("found-page") : page.index("</main>")]
        links = re.findall(r'href="([^"#]+)', results)
        assert links
        for link in links:
            assert visitor.get(link, follow=True).status_code == 200, (who, link)


def test_view_as_client_is_offered_to_who_may(aviary):
    assert "View as Client: Northwind Dental" in found("sam", words="northwind dent")
    assert found("dana", words="northwind dent") == {"Northwind Dental"}
    assert "View as Client: Cobalt Logistics" not in found("sam", words="cobalt")


def test_settings_are_found_by_who_may_open_them():
    assert "Announcements" in found("ada", words="announ")
    assert found("sam", words="announ") == set()


def test_pages_are_found_without_javascript():
    page = html.unescape(text_of(cast.visitor("priya").get(portal(), {"q": "libr"})))
    assert 'class="found-name">Library<' in page


@pytest.mark.parametrize("who", ["carla", "iris", "noor", "mia", "theo", "lena"])
def test_strangers_have_no_search_in_an_account(who: str):
    assert cast.visitor(who, at="harbor").get(portal(), {"q": BIRD}).status_code == 404


@pytest.mark.parametrize("who", ["priya", "carla", "noor"])
def test_clients_have_no_search_of_staff(who: str):
    assert cast.visitor(who).get(STAFF, {"q": BIRD}).status_code == 404


@pytest.mark.parametrize("text", ["", " ", "a", "\x00", "\x00a"])
def test_too_little_finds_nothing_and_says_so(text: str):
    assert words_of(text) == []
    assert found("ada", words=text) == set()


def test_whatever_is_typed_is_an_answer():
    for text in ("%", "%%", "__", "'\"--", "<script>alert(1)</script>", "x" * 500, "\\", "ä ö ü " * 40, "()[]*+?"):
        response = cast.visitor("ada").get(STAFF, {"q": text})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
    assert names(cast.visitor("ada").get(STAFF, {"q": "%%"})) == set()
    assert sum(map(len, words_of("x" * 500))) == LONGEST


def test_htmx_gets_the_results_alone_and_a_browser_the_page(aviary):
    part = cast.visitor("ada").get(STAFF, {"q": BIRD}, headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<div id="found"')
    assert "HX-Request" in part["Vary"]
    assert "palette-found-1" in part.content.decode()


def test_archived_and_deleted_accounts(aviary):
    with cast.inside():
        ada, cobalt = cast.viewer("ada"), cast.account("Cobalt")
        accounts.archive(by=ada, account=cobalt)
        assert "Cobalt Logistics" in found("ada", words="cobalt log")
        accounts.delete(by=ada, account=Account.objects.get(pk=cobalt.pk), typed_name="Cobalt Logistics")
    assert found("ada", words="cobalt") == set()
    assert not any("Cobalt" in name for name in found("ada"))


def test_the_number_of_queries_is_the_same_for_one_three_and_forty():
    counts, ada, made = {"staff": [], "client": []}, cast.visitor("ada"), 0
    priya = cast.visitor("priya")
    for total in (1, 3, 40):
        with cast.inside():
            for number in range(made, total):
                run = runs.launched(definition=Definition.objects.get(key="vendor-risk"))
                Assessment.objects.filter(pk=run.pk).update(name=f"{BIRD} {number}")
                account = accounts.create(by=cast.viewer("ada"), name=f"{BIRD} {number}", industry="6212")
                contacts.add(by=cast.system(), account=account, name=f"{BIRD} {number}")
            made = total
        for area, visitor, address in (("staff", ada, STAFF), ("client", priya, portal())):
            visitor.get(address, {"q": BIRD}, headers={"HX-Request": "true"})
            with CaptureQueriesContext(connection) as captured:
                visitor.get(address, {"q": BIRD}, headers={"HX-Request": "true"})
            counts[area].append(len([q for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]))
    assert len(set(counts["staff"])) == 1, counts
    assert len(set(counts["client"])) == 1, counts
    assert counts["staff"][0] <= 20
    assert counts["client"][0] <= 19


def has_card(who: str) -> bool:
    """This will say whether the definition that was renamed is in that person's Library."""
    with cast.inside():
        return cards.library_of(cast.viewer(who, "Northwind")).filter(key="business-resilience").exists()


def test_a_report_template_is_found_by_admins_alone(aviary):
    assert "template" in found("ada", words=f"{BIRD} template")
    assert found("sam", words=f"{BIRD} template") == set()
