"""Every answer to "why" is a sentence people read: over every kind of thing, every question and every way it may end."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.actions import accounts as account_actions
from accounts.actions import contacts, memberships, people
from accounts.membership import explanations
from accounts.models import AccountGrant, Contact, Membership, Organization, Override, Site
from accounts.roles import CLIENT, Can, PortalRole, Role
from accounts.viewer import Viewer
from assessments.actions import assessments, findings, reports
from assessments.models import Assessment, Finding, Report, Respondent
from library.actions import definitions
from library.models import Definition, LibraryEntry, LibraryEntryPerson
from tests import cast
from tests.accounts.test_explanations import stage  # noqa: F401

pytestmark = pytest.mark.django_db

CODENAMES = {one.value for one in (*Can, *Role, *PortalRole) if "_" in one.value}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
SENTENCE = re.compile(r"[A-Z“].*\.", re.DOTALL)
PEOPLE = ("ada", "sam", "dana", "priya", "marcus", "dora", "felix", "bea", "carla")


@dataclass(frozen=True)
class Told:
    """One question and all that was said to it."""

    who: str
    kind: str
    question: str
    about: str
    answer: str
    steps: tuple[explanations.Step, ...]

    @property
    def reason(self) -> str:
        return next((step.text for step in self.steps if not step.is_met), self.steps[-1].text)


def ask_everything(who: tuple[str, ...] = PEOPLE, account: str = "Northwind") -> list[Told]:
    """This will ask every question about every thing of an account, things nobody offers too, for some people."""
    with cast.inside():
        return list(_asked(who, account))


def _asked(who: tuple[str, ...], account: str) -> Iterator[Told]:
    here = cast.account(account)
    for kind in explanations.things():
        for about, label in _abouts(kind, here):
            for question in kind.questions:
                for name in who:
                    person = cast.person(name)
                    verdict = explanations.explain(
                        person=person, account=here, kind=kind, about=about, question=question
                    )
                    answer = verdict.answer(person=person, question=question, about=label)
                    yield Told(name, kind.name, question, about, answer, tuple(verdict.steps))


def _abouts(kind: explanations.Thing, account) -> list[tuple[str, str]]:
    every = {
        "site": Site, "contact": Contact, "assessment": Assessment, "report": Report, "finding": Finding,
        "definition": Definition,
    }  # fmt: skip
    if kind.name not in every:
        return list(kind.choices(Viewer(None, account.organization, account)))
    here = {} if kind.name == "definition" else {"account": account}
    rows = [(str(row.pk), str(row)) for row in every[kind.name].objects.filter(**here)]
    return [*rows, (str(uuid.uuid4()), "Something that never was")]


def refuse_machine_words(told: list[Told]) -> None:
    assert told
    for one in told:
        assert one.steps, one
        for text in (one.answer, *(step.text for step in one.steps)):
            assert SENTENCE.fullmatch(text), (one, text)
            assert "_" not in text, (one, text)
            assert not UUID.search(text), (one, text)
            assert "%(" not in text, (one, text)
            assert "None" not in text, (one, text)
            assert "“”" not in text, (one, text)
            assert not CODENAMES & set(re.findall(r"\w+", text)), (one, text)


def hears(told: list[Told], words: str, who: str = "", kind: str = "", question: str = "") -> None:
    """This will find a decisive sentence that begins or ends so, said to such a question."""
    reasons = [
        one.reason for one in told if who in ("", one.who) and kind in ("", one.kind) and question in ("", one.question)
    ]
    assert any(re.fullmatch(words, reason) for reason in reasons), (words, sorted(set(reasons)))


DAY = r"[A-Z][a-z]+ \d{1,2}, \d{4}"


def test_every_kind_and_question_is_answered_in_sentences(stage):  # noqa: F811
    with cast.inside():
        _set_the_scene(stage)
    told = ask_everything()
    refuse_machine_words(told)
    assert {one.kind for one in told} == {kind.name for kind in explanations.things()}

    # By role, by a portal role, by an override, and by none of them.
    hears(told, "Sam Okafor may see answers as they come, because the role Account Executive includes it.", "sam")
    hears(told, "Ada Whitfield may see answers as they come, because the role Admin includes it.", "ada")
    hears(told, "Marcus Lee may see the sites one oversees, because the role Site Manager includes it.", "marcus")
    hears(told, "Dana Ruiz may not see answers as they come, because the role Technician does not include it.", "dana")
    hears(told, rf"Bea Lindqvist may see every colleague.*, because Sam Okafor allowed it to them on {DAY}\.", "bea")
    hears(told, rf"Bea Lindqvist may not launch assessments, because Sam Okafor denied it to them on {DAY}\.", "bea")
    hears(told, rf"Bea Lindqvist may not see released results, because it was denied to them on {DAY}\.", "bea")
    hears(told, "Carla Voss has no role in Northwind Dental, and a role elsewhere opens nothing here.", "carla")

    # By audience.
    hears(
        told,
        "“.*” is in the Library of Northwind Dental for chosen people, and Felix Grant is not one of them.",
        "felix",
    )
    hears(told, "“.*” stands in the Library of Dora Osei.", "dora", "definition", "see")
    hears(told, "Dora Osei may start “.*” for Northwind Dental.", "dora", "definition", "launch")
    hears(told, "“.*” is in the Library of Northwind Dental for the portal roles Company Admin and Billing. Dora Osei has "
                "none of them, and was not chosen beside them.", "dora")  # fmt: skip
    hears(
        told,
        "“.*” is not in the Library of Northwind Dental. It may still stand in All Available Assessments.",
        "priya",
    )
    hears(told, "“Only a draft” is a draft, so nobody can start it yet.", "priya", "definition", "launch")
    hears(told, rf"“Out of date” was deprecated on {DAY}, so nobody can start it any more\.", "priya", "definition")
    hears(told, "“A part” is a part of another definition, and is taken with that one only.", "priya", "definition")
    hears(told, "“.*” is one of the definitions of Harbor IT.", "sam", "definition", "see")

    # Of runs, reports and findings.
    hears(told, "Answering is over, because “.*” has the status “Results review”.", "priya", "assessment", "answer")
    hears(told, rf"Priya Nair was stopped from answering “.*” on {DAY}\.", "priya", "assessment", "answer")
    hears(told, rf"Priya Nair handed in their part of “.*” on {DAY}\.", "priya", "assessment", "answer")
    hears(told, "Priya Nair takes part in “.*”, and has not handed in yet.", "priya", "assessment", "answer")
    hears(told, "Everyone of Northwind Dental who may answer can take part in “.*”.", "dora", "assessment", "answer")
    hears(
        told,
        "The results of “.*” are not released to the clients of Northwind Dental.",
        "dora",
        "assessment",
        "results",
    )
    hears(told, rf"The results of “.*” were released on {DAY}\.", "dora", "assessment", "results")
    hears(told, "“.*” was not submitted yet, so there are no results.", "sam", "assessment", "results")
    hears(told, rf"“.*” was submitted on {DAY}\.", "sam", "assessment", "results")
    hears(told, "Priya Nair started “.*”, and so may change its set-up.", "priya", "assessment", "edit")
    hears(
        told, "Priya Nair started “.*”. Of the clients, nobody else changes its set-up.", "dora", "assessment", "edit"
    )
    hears(told, "“.*” was started by staff, so no client changes its set-up.", "dora", "assessment", "edit")
    hears(told, rf"“.*” was deleted on {DAY}\.", "sam", "assessment", "see")
    hears(told, "Priya Nair may read “.*”.", "priya", "report")
    hears(told, "“.*” is a report of Northwind Dental.", "sam", "report")
    hears(told, "“Something weak” stands among the findings of Northwind Dental.", "priya", "finding")
    hears(told, "Staff decided that “Not so” does not apply to Northwind Dental.", "priya", "finding")
    hears(told, "“Long gone” is no longer among the findings of Northwind Dental.", "sam", "finding")

    # By assignment, and of things that are gone or never were.
    hears(told, "“Riverside” is a site of Northwind Dental.", "marcus", "site", "see")
    hears(
        told, "“Main Street” is not one of the sites Marcus Lee oversees in Northwind Dental.", "marcus", "site", "see"
    )
    hears(told, "“Pat Removed” was removed from the contacts of Northwind Dental.", "sam", "contact", "see")
    for kind, words in {
        "site": "There is no such site in Northwind Dental any more.",
        "contact": "There is no such contact in Northwind Dental.",
        "assessment": "There is no such assessment in Northwind Dental.",
        "report": "There is no such report in Northwind Dental.",
        "finding": "There is no such finding in Northwind Dental.",
        "definition": "There is no such definition in Harbor IT.",
    }.items():
        hears(told, words, "sam", kind)


def _set_the_scene(stage) -> None:  # noqa: F811
    """More ends than the stage has: overrides, audiences, a draft, a part, a part handed in, findings gone, a contact."""
    ada, sam, northwind = cast.viewer("ada"), cast.viewer("sam", "Northwind"), stage["account"]
    bea, dora = (Membership.objects.get(user=cast.person(name)) for name in ("bea", "dora"))
    memberships.override(by=sam, membership=bea, ability=Can.VIEW_COLLEAGUES, effect="allow")
    memberships.override(by=sam, membership=bea, ability=Can.LAUNCH_ASSESSMENTS, effect="deny")
    memberships.override(by=sam, membership=bea, ability=Can.VIEW_RESULTS, effect="deny")
    Override.objects.filter(membership=bea, ability=Can.VIEW_RESULTS).update(set_by=None)  # whoever it was is gone

    shelf = LibraryEntry.objects.filter(account=northwind).order_by("definition__key")
    people_only, roles_only = shelf[0], shelf[1]
    LibraryEntry.objects.filter(pk=people_only.pk).update(audience="people")
    LibraryEntryPerson.objects.create(
        organization_id=dora.organization_id, account_id=dora.account_id, entry=people_only, membership=dora
    )
    LibraryEntry.objects.filter(pk=roles_only.pk).update(
        audience="portal_roles", portal_roles=["company_admin", "billing"]
    )
    source = Definition.objects.get(key="business-continuity")
    definitions.copy(by=ada, definition=source, name="Only a draft")
    for name in ("Out of date", "A part", "On no shelf"):
        definitions.publish(by=ada, definition=definitions.copy(by=ada, definition=source, name=name).definition)
    definitions.deprecate(by=ada, definition=Definition.objects.get(name="Out of date"))
    Definition.objects.filter(name="A part").update(is_part=True)

    # One has handed in their own part while the run stays open.
    another = assessments.launch(
        by=cast.viewer("priya", "Northwind"), definition=Definition.objects.get(key="vendor-risk"), another=True
    )
    assessments.create(by=sam, account=northwind, definition=Definition.objects.get(key="vendor-risk"), another=True)
    Respondent.objects.update_or_create(
        assessment=another, user=cast.person("priya"),
        defaults={"organization": northwind.organization, "account": northwind, "submitted_at": timezone.now()},
    )  # fmt: skip
    findings.create(by=sam, assessment=stage["released"], title="Not so", severity="low")
    Finding.objects.filter(title="Not so").update(state="dismissed")
    findings.create(by=sam, assessment=stage["released"], title="Long gone", severity="low")
    Finding.objects.filter(title="Long gone").update(is_outdated=True)
    contact = contacts.add(by=sam, account=northwind, name="Pat Removed", email="pat@northwind.example")
    contacts.remove(by=ada, contact=contact)


def test_a_report_that_is_not_enabled_or_not_released(stage):  # noqa: F811
    with cast.inside():
        sam = cast.viewer("sam", "Northwind")
        reports.enable(by=sam, account=stage["account"], template=stage["template"], enabled=False)
    told = ask_everything(("priya",))
    refuse_machine_words(told)
    hears(told, "“.*” is not enabled for Northwind Dental.", "priya", "report")
    with cast.inside():
        Report.objects.filter(pk=stage["report"].pk).update(is_released=False)
    hears(ask_everything(("priya",)), "“.*” is not released, or the results of “.*” are not.", "priya", "report")


def test_what_the_settings_keep_from_clients():
    with cast.inside() as harbor:
        definitions.publish(
            by=cast.viewer("ada"),
            definition=definitions.copy(
                by=cast.viewer("ada"), definition=Definition.objects.get(key="business-continuity"), name="On no shelf"
            ).definition,
        )
        Organization.objects.filter(pk=harbor.pk).update(offers_entitled_only=True)
    told = ask_everything(("priya",))
    refuse_machine_words(told)
    words = "“On no shelf” is not in the Library of Northwind Dental, and Harbor IT offers clients nothing else."
    for question in ("see", "launch"):
        hears(told, words, "priya", "definition", question)


class TestWhoIsLetInAtAll:
    """Whatever is asked about, the way in decides."""

    def refused(self, who: str, words: str) -> None:
        told = ask_everything((who,))
        refuse_machine_words(told)
        assert {re.fullmatch(words, one.reason) is not None for one in told} == {True}, {one.reason for one in told}
        assert not any(one.answer.startswith(f"{cast.person(who).name} can ") for one in told)

    def test_a_deactivated_person(self):
        with cast.inside():
            people.deactivate(by=cast.viewer("ada"), user=cast.person("felix"))
        self.refused("felix", rf"Felix Grant was deactivated on {DAY}\. The role Client \(Approver\) in Northwind Dental is "
                              r"kept, and gives nothing\.")  # fmt: skip

    def test_a_login_that_is_switched_off(self):
        felix = cast.person("felix")
        felix.is_active = False
        felix.save(update_fields=["is_active"])
        self.refused("felix", r"Felix Grant can no longer sign in\. The role .* is kept, and gives nothing\.")

    def test_an_archived_account(self):
        with cast.inside():
            account_actions.archive(by=cast.viewer("ada"), account=cast.account("Northwind"))
        self.refused("priya", rf"Northwind Dental was archived on {DAY}, so its clients have no access\.")
        refuse_machine_words(told := ask_everything(("sam",)))
        hears(
            told,
            "Sam Okafor may see Account Details, because the role Account Executive includes it.",
            "sam",
            "account",
        )

    def test_a_deleted_account(self):
        with cast.inside():
            northwind = cast.account("Northwind")
            account_actions.archive(by=cast.viewer("ada"), account=northwind)
            account_actions.delete(by=cast.viewer("ada"), account=northwind, typed_name=northwind.name)
            here = northwind.__class__.objects.select_related("organization").get(pk=northwind.pk)
            for who in ("ada", "sam", "priya"):
                kind = explanations.thing_named("account")
                assert kind is not None
                verdict = explanations.explain(
                    person=cast.person(who), account=here, kind=kind, about=str(here.pk), question="see"
                )
                assert re.fullmatch(
                    rf"Northwind Dental was deleted on {DAY}, so nobody can open it\.", verdict.decided_by.text
                )

    def test_everything_denied(self):
        with cast.inside():
            dora = Membership.objects.get(user=cast.person("dora"))
            for ability in CLIENT:
                memberships.override(
                    by=cast.viewer("sam", "Northwind"), membership=dora, ability=ability, effect="deny"
                )
        self.refused(
            "dora", r"Everything the role Client \(End User\) in Northwind Dental includes was denied to Dora Osei\."
        )

    def test_grants_and_roles_that_disagree(self):
        with cast.inside():
            AccountGrant.objects.filter(user=cast.person("felix")).delete()
        self.refused("felix", r"Felix Grant has the role .*, and nothing is let through\. The stored permissions have to be "
                              r"checked\.")  # fmt: skip
        with cast.inside() as harbor:
            AccountGrant.objects.filter(user=cast.person("dora"), permission__codename=Can.VIEW_RESULTS).delete()
            AccountGrant.objects.create(
                organization=harbor, user=cast.person("carla"), content_object=cast.account("Northwind"),
                permission=Permission.objects.get(codename=Can.VIEW_RESULTS, content_type__model="account"),
            )  # fmt: skip
        told = ask_everything(("dora", "carla"))
        refuse_machine_words(told)
        hears(
            told,
            r"Dora Osei may not see released results, although the role Client \(End User\) includes it\. .*",
            "dora",
        )
        hears(told, "Carla Voss may see released results, although no role of theirs includes it. .*", "carla")
        assert any("although no role says so" in step.text for one in told for step in one.steps)


class TestTheSecondFactor:
    def test_staff_without_one_are_led_to_it_and_so_is_the_answer(self, settings):
        settings.STAFF_SECOND_FACTOR = True
        page = reverse("staff:account_overview", args=[cast.account("Northwind").pk])
        for who, has in (("ada", False), ("sam", True)):
            if has:
                Authenticator.objects.create(user=cast.person(who), type=Authenticator.Type.TOTP, data={"secret": "x"})
            told = ask_everything((who,))
            refuse_machine_words(told)
            answered = cast.visitor(who).get(page)
            assert (answered.status_code == 200) == has
            seen = next(one for one in told if one.kind == "account" and one.question == "see")
            assert all(step.is_met for step in seen.steps) == has
        hears(ask_everything(("ada",)), "Ada Whitfield has not set up a second factor yet. Until then, every page of the "
                                        "admin area leads there.", "ada")  # fmt: skip
        assert "Sam Okafor has set up a second factor, as staff have to." in {step.text for step in seen.steps}

    def test_clients_are_not_asked_for_one(self, settings):
        settings.STAFF_SECOND_FACTOR = True
        assert not any("second factor" in step.text for one in ask_everything(("priya",)) for step in one.steps)


def test_an_organizations_own_words_are_used():
    with cast.inside() as harbor:
        Organization.objects.filter(pk=harbor.pk).update(terminology={"account_executive": ["Advisor", "Advisors"]})
    page = reverse("staff:access_question", args=[cast.account("Northwind").pk])
    asked = f"?person={cast.person('sam').pk}&thing=ability&about={Can.VIEW_ACCOUNT}&question=may"
    answer = cast.visitor("ada").get(page + asked).content.decode()
    assert "Sam Okafor can see Account Details." in answer
    assert "Sam Okafor may see Account Details, because the role Advisor includes it." in answer


def test_the_page_keeps_ids_in_a_fold_of_their_own():
    page = reverse("staff:access_question", args=[cast.account("Northwind").pk])
    asked = f"?person={cast.person('sam').pk}&thing=ability&about={Can.VIEW_ACCOUNT}&question=may"
    answer = cast.visitor("ada").get(page + asked).content.decode().partition('aria-live="polite"')[2]
    said, fold, rows = answer.partition("<details")
    assert fold
    assert "view_account_details" in rows
    assert "view_account_details" not in said
    assert not UUID.search(said)


def test_who_has_not_come_in_yet_is_called_what_the_organization_calls_them():
    """A login may be known elsewhere under a name that is nobody's business here."""
    with cast.inside():
        Membership.objects.filter(user=cast.person("dora")).update(introduced_as="Dorothy from the desk")
    northwind = cast.account("Northwind").pk
    question = reverse("staff:access_question", args=[northwind])
    for page in (
        f"{question}?person={cast.person('dora').pk}&thing=ability&about={Can.EDIT_ACCOUNT}&question=may",
        reverse("staff:access_review", args=[northwind]),
        reverse("staff:access_review_csv", args=[northwind]),
    ):
        answer = cast.visitor("sam").get(page).content.decode()
        assert "Dorothy from the desk" in answer, page
        assert "Dora Osei" not in answer, page
