"""Custom data in reports: `account.custom.<key>` of the fields the client may see."""

import pytest

from accounts.models import Account, CustomField
from assessments.actions import report_templates
from assessments.models import Assessment
from assessments.reports import checks, content, liquid, variables
from assessments.reports.sections import new
from tests import cast
from tests.assessments import stage
from tests.assessments.reports.test_content import section, template_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside("harbor") as here:
        for key, type, visible in (("tier", "choice", True), ("seats", "number", True), ("margin", "text", False)):
            CustomField.objects.create(
                organization=here, on="account", key=key, label=key.title(), type=type, is_visible_to_client=visible,
                choices=[{"key": "g", "label": "Gold & more", "archived": False}],
            )  # fmt: skip
        yield here


def test_a_report_says_the_values_the_client_may_see():
    run = stage.released()
    values = {"tier": "g", "seats": "1200", "margin": "secret", "gone": "x"}
    Account.objects.filter(pk=run.account_id).update(custom=values)
    run = Assessment.objects.select_related("account__organization", "version", "definition", "result").get(pk=run.pk)
    text = "{{ account.custom.tier }}|{{ account.custom.seats }}|{{ account.custom.margin }}|{{ account.custom.gone }}|"
    written = content.build(run, template_of(new("text", title="About {{ account.custom.tier }}", text=text)))
    told = str(section(written, "text"))
    assert "Gold &amp; more" in told or "Gold & more" in told or "Gold &#38; more" in told
    assert "1200" in told
    assert "secret" not in told


def test_an_empty_value_counts_as_nothing():
    run = stage.released()
    run = Assessment.objects.select_related("account__organization", "version", "definition", "result").get(pk=run.pk)
    text = "{% if account.custom.tier %}some{% else %}none{% endif %}"
    assert "none" in str(section(content.build(run, template_of(new("text", title="T", text=text))), "text"))


def test_the_linter_knows_the_fields_and_no_other():
    known = variables.custom_keys_of(cast.organization())
    assert known == ["tier", "seats"]
    assert liquid.problems_of("{{ account.custom.tier }}{{ account.name }}", known) == []
    for name in ("margin", "teir"):
        [problem] = liquid.problems_of(f"{{{{ account.custom.{name} }}}}", known)
        assert f"account.custom.{name}" in str(problem)
    assert liquid.problems_of("{{ account.custom.anything }}") == []
    assert liquid.problems_of("{{ account.nonsense }}") != []


def test_a_section_with_an_unknown_field_is_told():
    wrong = new("text", title="T", text="{{ account.custom.teir }}")
    assert any(problem.is_error for problem in checks.problems_of_section(wrong, ["tier"]))
    assert not any(problem.is_error for problem in checks.problems_of_section(wrong))


def test_an_active_template_refuses_it_and_the_editor_lists_the_fields(harbor):
    visitor = cast.visitor("ada")
    report_templates.furnish(harbor)
    page = visitor.get("/staff/report-templates/").content.decode()
    assert "Detailed report" in page
    template = next(iter(report_templates.ReportTemplate.objects.filter(organization=harbor)))
    page = visitor.get(f"/staff/report-templates/{template.pk}/").content.decode()
    assert "account.custom.tier" in page and "account.custom.margin" not in page
