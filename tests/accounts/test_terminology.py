"""The organization's own words for ours: what they are put in the place of, what they leave alone, whose they are."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext, npgettext, pgettext

from accounts import tenancy
from accounts.brand import terminology
from accounts.models import Organization
from accounts.roles import PortalRole, Role
from portal.web.templatetags import ui
from tests import cast

WORDS = {
    "account_executive": ["Advisor", "Advisors"],
    "technician": ["Engineer", "Engineers"],
    "admin": ["Owner", "Owners"],
    "client": ["Member", "Members"],
    "company_admin": ["Company lead", "Company leads"],
    "approver": ["Signatory", "Signatories"],
    "billing": ["Finance", "Finance"],
    "site_manager": ["Branch manager", "Branch managers"],
    "end_user": ["Colleague", "Colleagues"],
    "assessment": ["Health check", "Health checks"],
    "library": ["Catalog", "Catalogs"],
}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Assessments", "Health checks"),
        ("assessments", "health checks"),
        ("Start an assessment", "Start a health check"),
        ("An assessment is closed", "A health check is closed"),
        ("a client", "a member"),
        ("A Client", "A Member"),
        ("Your assessments", "Your health checks"),
        ("Your Assessments", "Your Health Checks"),
        ("All Available Assessments", "All Available Health Checks"),
        ("Create This Assessment for My Account", "Create This Health Check for My Account"),
        ("View as Client", "View as Member"),
        ("Account executive", "Advisor"),
        ("Account Executives", "Advisors"),
        ("an account executive", "an advisor"),
        ("Ask a Company Admin, not an Admin", "Ask a Company lead, not an Owner"),
        ("company admins and admins", "company leads and owners"),
        ("the clients’ accounts", "the members’ accounts"),
        ("the assessment's answers", "the health check's answers"),
        ("an <strong>assessment</strong>", "a <strong>health check</strong>"),
        ("billing address", "billing address"),
        ("Billing", "Finance"),
        ("re-assessment", "re-assessment"),
        ("administrator", "administrator"),
        ("reassessments", "reassessments"),
        ("%(assessment)s of %(count)d assessments", "%(assessment)s of %(count)d health checks"),
        (
            "{assessment} {{ assessment.name }} {% if assessment %}",
            "{assessment} {{ assessment.name }} {% if assessment %}",
        ),
        (
            '<a class="assessment" href="/assessment/">assessment</a>',
            '<a class="assessment" href="/assessment/">health check</a>',
        ),
        (
            "https://example.com/assessment and client@example.com",
            "https://example.com/assessment and client@example.com",
        ),
        ("Library and library", "Catalog and catalog"),
    ],
)
def test_a_message_in_the_organizations_words(ours: str, theirs: str) -> None:
    with terminology.using(WORDS):
        assert gettext(ours) == theirs
        assert pgettext("somewhere", ours) == theirs
        assert ngettext(ours, "many", 1) == theirs
        assert npgettext("somewhere", "one", ours, 2) == theirs
    assert gettext(ours) == ours


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Exam", "an exam"),
        ("Unit check", "a unit check"),
        ("Hour of truth", "an hour of truth"),
        ("QBR", "a QBR"),
        ("MSP check", "an MSP check"),
        ("One-to-one", "a one-to-one"),
        ("Überprüfung", "a überprüfung"),
        ("McKinsey review", "a McKinsey review"),
    ],
)
def test_the_article_fits_the_word_as_it_is_spoken(word: str, said: str) -> None:
    with terminology.using({"assessment": [word, f"{word}s"]}):
        assert gettext("an assessment") == said


def test_one_word_alone_leaves_the_others_and_a_company_admin_is_no_admin() -> None:
    with terminology.using({"admin": ["Owner", "Owners"]}):
        assert gettext("Company Admin, Admin") == "Company Admin, Owner"
        assert gettext("an Account Executive and a client") == "an Account Executive and a client"


def test_every_role_and_every_way_a_template_speaks() -> None:
    with terminology.using(WORDS):
        assert [str(role.label) for role in Role] == ["Owner", "Advisor", "Engineer", "Member"]
        assert [str(role.label) for role in PortalRole] == [
            "Company lead", "Signatory", "Finance", "Branch manager", "Colleague",
        ]  # fmt: skip
        said = Template(
            "{% load i18n %}{% translate 'an assessment' %}|{% blocktranslate with x=name %}{{ x }}: the assessment{% endblocktranslate %}|"
            "{% blocktranslate count n=n %}{{ n }} assessment{% plural %}{{ n }} assessments{% endblocktranslate %}|"
            "{% translate 'Admin' context 'area' %}|{% trans 'Library' as it %}{{ it|upper }}|{{ _('client') }}"
        ).render(Context({"name": "The assessment of a client", "n": 3}))
    # What a person called something is not a word of ours.
    assert said == "a health check|The assessment of a client: the health check|3 health checks|Admin|CATALOG|member"


def test_what_is_safe_stays_safe_and_what_is_not_does_not_become_it() -> None:
    with terminology.using(WORDS):
        assert isinstance(gettext(mark_safe("an assessment")), SafeString)
        assert not isinstance(gettext("an assessment"), SafeString)


LAZY: Promise = gettext_lazy("an assessment")  # type: ignore[assignment]


def test_a_lazy_text_of_a_module_speaks_for_whoever_asks() -> None:
    with terminology.using(WORDS):
        assert str(LAZY) == "a health check"
        with terminology.using({"assessment": ["Audit", "Audits"]}):
            assert str(LAZY) == "an audit"
        assert str(LAZY) == "a health check"
    assert str(LAZY) == "an assessment"


def test_two_organizations_in_turn_never_hear_each_others_words() -> None:
    """One process serves both: whatever one of them caused to be remembered, the other never hears."""
    heard: dict[str, set[str]] = {"harbor": set(), "sunny": set()}
    words = {"harbor": {"assessment": ["Audit", "Audits"]}, "sunny": {"assessment": ["Review", "Reviews"]}}
    for _ in range(50):
        for who, theirs in words.items():
            with terminology.using(theirs):
                heard[who] |= {gettext("3 assessments"), str(LAZY), str(ui.status("assessment"))}
    assert "3 audits" in heard["harbor"] and "3 reviews" in heard["sunny"]
    assert not heard["harbor"] & {"3 reviews", "a review"} and not heard["sunny"] & {"3 audits", "an audit"}

    def elsewhere() -> None:
        heard["thread"] = {gettext("3 assessments")}

    with terminology.using(words["harbor"]):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert heard["thread"] == {"3 assessments"}, "a new thread belongs to nobody"


def test_a_state_that_is_kept_ready_is_kept_for_each_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ui.STATUSES, "waits", ("info", "clock", gettext_lazy("Assessment waits")))
    with terminology.using({"assessment": ["Audit", "Audits"]}):
        assert "Audit waits" in ui.status("waits")
    with terminology.using({"assessment": ["Review", "Reviews"]}):
        assert "Review waits" in ui.status("waits")
    assert "Assessment waits" in ui.status("waits")


# --- What may be a word ------------------------------------------------------------------------------------------------


def test_words_are_tidied_and_those_that_are_ours_are_not_kept() -> None:
    kept = terminology.cleaned({"assessment": ("  Health   check ", "Health checks"), "client": ("Client", "Clients")})
    assert kept == {"assessment": ["Health check", "Health checks"]}
    assert terminology.cleaned({"client": ("Guest’s", "Guests'" + "x")}) == {"client": ["Guest’s", "Guests’x"]}


@pytest.mark.parametrize(
    ("one", "many", "field"),
    [
        ("Audit", "", "assessment_many"),
        ("", "Audits", "assessment_one"),
        ("<b>Audit</b>", "Audits", "assessment_one"),
        ("Audit", "Audits & more", "assessment_many"),
        ("50% check", "Checks", "assessment_one"),
        ("%(name)s", "Checks", "assessment_one"),
        ("{{ x }}", "Checks", "assessment_one"),
        ('Audit"', "Checks", "assessment_one"),
        ("Audit\u202e", "Checks", "assessment_one"),
        ("A" * 41, "Audits", "assessment_one"),
        ("Admin", "Admins", "assessment_one"),
    ],
)
def test_what_cannot_be_a_word_is_refused_at_its_field(one: str, many: str, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        terminology.cleaned({"assessment": (one, many)})
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    "stored",
    [{"assessment": ["<script>", "x"]}, {"assessment": ["%s", "x"]}, {"assessment": "Audit"}, {"assessment": [1, 2]},
     {"assessment": ["Audit"]}, {"unheard_of": ["Audit", "Audits"]}, None, {}],
)  # fmt: skip
def test_what_was_stored_some_other_way_does_not_reach_a_page(stored) -> None:
    with terminology.using(stored):
        assert gettext("an assessment <b>") == "an assessment <b>"
        assert terminology.active() == ()


# --- With the tenant ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_words_come_with_the_tenant_and_go_with_it() -> None:
    with cast.inside() as harbor:
        Organization.objects.filter(pk=harbor.pk).update(terminology={"assessment": ["Audit", "Audits"]})
    other = cast.organization("sunny")
    with tenancy.scope(harbor.pk):
        assert gettext("assessments") == "audits"
        with tenancy.scope(other.pk):
            assert gettext("assessments") == "assessments"
        assert gettext("assessments") == "audits"
        with pytest.raises(RuntimeError), tenancy.scope(harbor.pk):
            raise RuntimeError
    assert gettext("assessments") == "assessments"


@pytest.mark.django_db
def test_a_request_speaks_for_the_organization_of_its_host_and_for_no_other() -> None:
    with cast.inside() as harbor:
        Organization.objects.filter(pk=harbor.pk).update(terminology=WORDS)
    for _ in range(3):
        assert "health checks" in cast.visitor("ada").get("/staff/").content.decode().lower()
        theirs = cast.visitor("amara").get("/staff/").content.decode().lower()
        assert "health check" not in theirs and "assessments" in theirs
    assert gettext("assessments") == "assessments"
