"""The answer to "why" is the answer of the product: each persona asks for the page, and the explanation agrees."""

import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.actions import memberships, people
from accounts.membership import explanations
from accounts.models import Account, Membership, Override, Site
from accounts.roles import ACCOUNT_ABILITIES, Can, Role
from accounts.viewer import viewer_of_account
from assessments.actions import answers, assessments, finding_actions, findings, reports, respondents
from assessments.models import Assessment, Report, ReportTemplate
from library.actions import definitions
from library.models import Definition, LibraryEntry, LibraryEntryPerson
from tests import cast

pytestmark = pytest.mark.django_db

PEOPLE = ["ada", "sam", "lena", "theo", "dana", "priya", "marcus", "dora", "felix", "bea", "carla", "iris", "noor"]


def explain(who: str, kind: str, about, question: str, account: str = "Northwind") -> explanations.Verdict:
    """This will ask in a scope of its own, as a request does."""
    with cast.inside():
        thing = explanations.thing_named(kind)
        assert thing is not None
        here = cast.account(account)
        return explanations.explain(
            person=cast.person(who), account=here, kind=thing, about=str(about), question=question
        )


def is_staff_here(who: str) -> bool:
    with cast.inside() as harbor:
        found = viewer_of_account(cast.person(who), harbor, cast.account("Northwind").id)
        return found is not None and found.is_staff


def opens(
    who: str, client: str, staff: str, ids: list, client_ids: list | None = None, method: str = "get", **data
) -> bool:
    """This will say whether the page that is the person's own answers with it: 200, or a way on after a post."""
    at_staff = is_staff_here(who)
    name = f"staff:{staff}" if at_staff else f"client:{client}"
    args = ids if at_staff or client_ids is None else client_ids
    address = reverse(name, args=args)
    with transaction.atomic():
        response = getattr(cast.visitor(who), method)(address, data)
        transaction.set_rollback(True)
    # Staff who wear no client's hat are asked to preview: that is not the page.
    return response.status_code in (200, 204) or response.status_code == 303


@pytest.fixture
def stage():
    """This will put on stage what the questions are about: runs in every state, a report, findings, entries for a few."""
    with cast.inside():
        northwind, priya, sam = (
            cast.account("Northwind"),
            cast.viewer("priya", "Northwind"),
            cast.viewer("sam", "Northwind"),
        )
        definition = Definition.objects.get(key="vendor-risk")
        template = ReportTemplate.objects.get(organization=northwind.organization, is_default=True)
        reports.enable(by=sam, account=northwind, template=template, enabled=True)
        made: dict = {"account": northwind, "template": template}
        made["open"] = assessments.launch(by=priya, definition=definition, another=True)
        made["stopped"] = assessments.launch(by=priya, definition=definition, another=True)
        question = cast.document("vendor-risk").questions()[0]
        made["question"] = question.key
        answers.save(
            by=priya, assessment=made["stopped"], question_key=question.key, state="answered",
            raw=cast.some_answer(question),
        )  # fmt: skip
        respondents.stop(by=sam, respondent=made["stopped"].respondents.get(user=priya.user))
        review = assessments.launch(by=priya, definition=definition, another=True)
        cast.answer_everything(by=priya, assessment=review)
        made["review"] = assessments.submit(by=priya, assessment=review)
        released = assessments.launch(by=priya, definition=definition, another=True)
        cast.answer_everything(by=priya, assessment=released)
        released = assessments.submit(by=priya, assessment=released)
        made["finding"] = findings.create(by=sam, assessment=released, title="Something weak", severity="low")
        made["hidden_finding"] = findings.create(by=sam, assessment=made["review"], title="Not yet", severity="low")
        made["released"] = assessments.release(by=sam, assessment=released)
        made["report"] = Report.objects.get(assessment=made["released"])
        made["deleted"] = assessments.launch(by=priya, definition=definition, another=True)
        assessments.delete(by=cast.viewer("ada"), assessment=made["deleted"])
        finding_actions.add(by=sam, finding=made["finding"], title="Mend it")
        return made


def agree(stage, kind: str, about, question: str, page) -> None:
    for who in PEOPLE:
        verdict = explain(who, kind, about, question)
        expected = page(who)
        assert verdict.is_yes == expected, (who, kind, question, [(s.is_met, s.text) for s in verdict.steps])
        assert verdict.decided_by.text
        assert [step.is_met for step in verdict.steps[:-1]] == [True] * (len(verdict.steps) - 1), (
            "it ends with the first no"
        )


def test_the_account(stage):
    here = [stage["account"].pk]
    agree(stage, "account", stage["account"].pk, "see", lambda who: opens(who, "home", "account_overview", here))
    agree(stage, "account", stage["account"].pk, "edit", lambda who: (
        cast.visitor(who).get(reverse("staff:account_edit", args=here)).status_code == 200
    ))  # fmt: skip


@pytest.mark.parametrize("which", ["open", "stopped", "review", "released", "deleted"])
class TestRuns:
    def test_seeing(self, stage, which):
        run = stage[which]

        def listed(who: str) -> bool:
            name = "staff:account_assessments" if is_staff_here(who) else "client:your_assessments"
            response = cast.visitor(who).get(reverse(name, args=[run.account_id]))
            return response.status_code == 200 and str(run.pk) in response.content.decode()

        agree(stage, "assessment", run.pk, "see", listed)

    def test_answering(self, stage, which):
        run, key = stage[which], stage["question"]
        with cast.inside():
            raw = cast.some_answer(cast.document("vendor-risk").questions()[0])
        data = {"value": raw, "state": "answered", "revision": "1"}
        agree(
            stage, "assessment", run.pk, "answer",
            lambda who: opens(
                who, "question", "answer_on_behalf", [run.account_id, run.pk, key], method="post", **data
            ),
        )  # fmt: skip

    def test_results(self, stage, which):
        run = stage[which]

        def shown(who: str) -> bool:
            if is_staff_here(who):
                response = cast.visitor(who).get(reverse("staff:explanation", args=[run.account_id, run.pk, "overall"]))
            else:
                response = cast.visitor(who).get(reverse("client:results", args=[run.account_id, run.pk]))
            return response.status_code == 200

        agree(stage, "assessment", run.pk, "results", shown)

    def test_editing(self, stage, which):
        run = stage[which]
        ids = [run.account_id, run.pk]
        agree(stage, "assessment", run.pk, "edit", lambda who: opens(who, "edit_assessment", "run_setup", ids))


def test_a_report_and_a_finding(stage):
    run, report = stage["released"], stage["report"]
    staff_ids, client_ids = [run.account_id, run.pk, report.pk], [run.account_id, report.pk]
    page = lambda who: opens(who, "report", "report", staff_ids, client_ids)  # noqa: E731
    agree(stage, "report", report.pk, "see", page)
    with cast.inside():
        reports.enable(
            by=cast.viewer("sam", "Northwind"), account=stage["account"], template=stage["template"], enabled=False
        )
    agree(stage, "report", report.pk, "see", page)
    assert "not enabled" in explain("priya", "report", report.pk, "see").decided_by.text
    for key in ("finding", "hidden_finding"):
        found = stage[key]

        def listed(who: str, found=found) -> bool:
            name = "staff:account_findings" if is_staff_here(who) else "client:findings"
            response = cast.visitor(who).get(
                f"{reverse(name, args=[found.account_id])}?view=all&severity=low&run={found.assessment_id}"
            )
            return response.status_code == 200 and found.title in response.content.decode()

        agree(stage, "finding", found.pk, "see", listed)


class TestTheLibrary:
    def launching(self, stage, definition: Definition):
        agree(
            stage, "definition", definition.pk, "launch",
            lambda who: self.launched(who, stage["account"], definition),
        )  # fmt: skip

    @staticmethod
    def launched(who: str, account: Account, definition: Definition) -> bool:
        with transaction.atomic():
            if is_staff_here(who):
                response = cast.visitor(who).post(
                    reverse("staff:add_assessment", args=[account.pk]),
                    {"definitions": [str(definition.pk)], "start": "on", "another": "on"},
                )
            else:
                response = cast.visitor(who).post(
                    reverse("client:create_available", args=[account.pk, definition.pk]), {"another": "1"}
                )
            transaction.set_rollback(True)
        return response.status_code == 303

    def seeing(self, stage, definition: Definition):
        ids = [stage["account"].pk, definition.pk]
        agree(
            stage, "definition", definition.pk, "see",
            lambda who: opens(who, "library_card", "definition", [definition.pk], ids),
        )  # fmt: skip

    def test_for_everybody_for_chosen_people_and_for_chosen_roles(self, stage):
        with cast.inside():
            shelf = LibraryEntry.objects.filter(account=stage["account"]).order_by("definition__key")
            everyone, people_only, roles_only = shelf[0], shelf[1], shelf[2]
            dora = Membership.objects.get(user=cast.person("dora"))
            LibraryEntry.objects.filter(pk=people_only.pk).update(audience="people")
            LibraryEntryPerson.objects.create(
                organization_id=dora.organization_id, account_id=dora.account_id, entry=people_only, membership=dora
            )
            LibraryEntry.objects.filter(pk=roles_only.pk).update(
                audience="portal_roles", portal_roles=["company_admin"]
            )
            found = [Definition.objects.get(pk=entry.definition_id) for entry in (everyone, people_only, roles_only)]
        for definition in found:
            self.seeing(stage, definition)
            self.launching(stage, definition)
        assert explain("dora", "definition", found[1].pk, "launch").is_yes
        denied = explain("felix", "definition", found[1].pk, "launch")
        assert "chosen people" in denied.decided_by.text
        assert str(people_only.pk) in denied.decided_by.row

    def test_deprecated_and_draft(self, stage):
        with cast.inside():
            source = Definition.objects.get(key="business-continuity")
            draft = definitions.copy(by=cast.viewer("ada"), definition=source, name="Only a draft").definition
            old = definitions.copy(by=cast.viewer("ada"), definition=source, name="Out of date").definition
            definitions.publish(by=cast.viewer("ada"), definition=old)
            definitions.deprecate(by=cast.viewer("ada"), definition=old)
        for definition, word in ((draft, "draft"), (old, "deprecated")):
            assert word in explain("priya", "definition", definition.pk, "launch").decided_by.text
            assert not self.launched("priya", stage["account"], definition)


def test_a_site_and_a_contact():
    with cast.inside():
        riverside, main = (Site.objects.get(name=name) for name in ("Riverside", "Main Street"))
    for site in (riverside, main):
        for who in PEOPLE:
            page = reverse("client:site", args=[site.account_id, site.pk])
            if not is_staff_here(who):
                opened = cast.visitor(who).get(page).status_code == 200
                assert explain(who, "site", site.pk, "see").is_yes == opened, (who, site)
        for who in ("ada", "sam", "dana"):
            opened = (
                cast.visitor(who).get(reverse("staff:site_edit", args=[site.account_id, site.pk])).status_code == 200
            )
            assert explain(who, "site", site.pk, "edit").is_yes == opened, who
    assert "not one of the sites" in explain("marcus", "site", main.pk, "see").decided_by.text


@pytest.mark.parametrize("ability", sorted(ACCOUNT_ABILITIES))
def test_each_ability_says_what_the_viewer_says(ability):
    for who in PEOPLE:
        with cast.inside() as harbor:
            viewer = viewer_of_account(cast.person(who), harbor, cast.account("Northwind").id)
        verdict = explain(who, "ability", ability, "may")
        assert verdict.is_yes == (viewer is not None and viewer.can(Can(ability))), who


class TestTheRowThatDecides:
    def test_an_override_is_named_with_who_set_it(self):
        with cast.inside():
            dora = Membership.objects.get(user=cast.person("dora"))
            sam = cast.viewer("sam", "Northwind")
            memberships.override(by=sam, membership=dora, ability=Can.LAUNCH_ASSESSMENTS, effect="deny")
            row = Override.objects.get(membership=dora)
        step = explain("dora", "ability", Can.LAUNCH_ASSESSMENTS, "may").decided_by
        assert step.text.startswith("Dora Osei may not launch assessments, because Sam Okafor denied it to them on ")
        assert str(row.pk) in step.row
        assert "Sam Okafor" in step.row

    def test_the_portal_role_that_gives_is_named(self):
        step = explain("marcus", "ability", Can.VIEW_OWN_SITES, "may").decided_by
        assert step.text == ("Marcus Lee may see the sites one oversees, because the role Site Manager includes it.")
        assert "grant" in step.row

    def test_a_stranger_lacks_a_role_and_a_leaver_is_deactivated(self):
        about = cast.account("Northwind").pk
        assert "no role in Northwind" in explain("carla", "account", about, "see").decided_by.text
        with cast.inside():
            people.deactivate(by=cast.viewer("ada"), user=cast.person("felix"))
        step = explain("felix", "account", about, "see").decided_by
        assert "deactivated" in step.text
        with cast.inside():
            assert str(Membership.objects.get(user=cast.person("felix")).pk) in step.row

    def test_who_wears_two_hats_is_explained_by_the_one_worn_here(self):
        here = cast.account("Cobalt")
        seen = explain("theo", "account", here.pk, "see", account="Cobalt")
        assert seen.steps[0].text == "Theo Marsh has the role Client (Approver) in Cobalt Logistics."
        edited = explain("theo", "account", here.pk, "edit", account="Cobalt")
        assert not edited.is_yes
        assert "because the role Client (Approver) does not include it" in edited.decided_by.text

    def test_what_a_role_in_another_account_gives_says_no_more_than_that(self):
        with cast.inside():
            step = explanations.can(cast.viewer("theo", "Cobalt"), Can.DRAFT_DEFINITIONS)
        assert step.is_met
        assert "a role elsewhere in the organization" in step.text
        assert (step.row, "Executive" in step.text, "Alder" in step.text) == ("", False, False)

    def test_an_archived_account_is_closed_to_its_clients(self):
        with cast.inside():
            from accounts.actions import accounts as account_actions

            account_actions.archive(by=cast.viewer("ada"), account=cast.account("Northwind"))
        about = cast.account("Northwind").pk
        assert "archived" in explain("priya", "account", about, "see").decided_by.text
        assert explain("sam", "account", about, "see").is_yes


class TestThePage:
    def address(self, **query) -> str:
        words = "&".join(f"{key}={value}" for key, value in query.items())
        return reverse("staff:access_question", args=[cast.account("Northwind").pk]) + (f"?{words}" if words else "")

    def test_it_asks_first_and_answers_then(self):
        sam = cast.visitor("sam")
        assert "Choose a person and a thing" in sam.get(self.address()).content.decode()
        dora = cast.person("dora").pk
        page = sam.get(
            self.address(person=dora, thing="ability", about="edit_account", question="may")
        ).content.decode()
        assert "may not edit the account" in page
        part = sam.get(self.address(person=dora, thing="account"), headers={"HX-Request": "true"}).content.decode()
        assert part.strip().startswith('<div class="ask" id="question">')

    def test_an_executive_asks_about_people_they_know_and_nobody_else(self):
        page = cast.visitor("sam").get(self.address()).content.decode()
        assert "Priya Nair" in page
        assert "Ada Whitfield" in page
        assert "Iris Kaplan" in page, "of Juniper, which is Sam’s too"
        assert "Carla Voss" not in page
        assert "Lena Brandt" not in page
        asked = cast.visitor("sam").get(self.address(person=cast.person("carla").pk, thing="account"))
        assert "Choose a person and a thing" in asked.content.decode()

    def test_people_of_accounts_whose_people_one_may_not_see_are_not_listed(self):
        with cast.inside():
            memberships.add(
                by=cast.viewer("ada"), email=cast.person("sam").email, name="Sam", account=cast.account("Cobalt"),
                role=Role.TECHNICIAN,
            )  # fmt: skip
        page = cast.visitor("sam").get(self.address()).content.decode()
        assert "Iris Kaplan" in page
        assert "Carla Voss" not in page
        asked = cast.visitor("sam").get(self.address(person=cast.person("carla").pk, thing="account"))
        assert "Choose a person and a thing" in asked.content.decode()

    def test_nonsense_in_the_address_is_left_out(self):
        for query in ({"person": "x", "thing": "y"}, {"person": uuid.uuid4(), "thing": "assessment", "about": "z"}):
            assert cast.visitor("ada").get(self.address(**query)).status_code == 200


def test_an_assessment_of_another_account_is_not_offered():
    with cast.inside():
        asker = cast.viewer("ada", "Northwind")
        thing = explanations.thing_named("assessment")
        offered = {key for key, _label in thing.choices(asker)}
        assert offered == {
            str(pk)
            for pk in Assessment.objects.filter(account=cast.account("Northwind"), deleted_at=None).values_list(
                "pk", flat=True
            )
        }
