"""The answers of the run before: brought along as far as they fit, and counting only once confirmed."""

import copy

import pytest

from assessments.actions import answers, assessments, respondents
from assessments.actions.respondents import Person
from assessments.answering.carrying import carry
from assessments.answering.stored_answers import answers_of
from assessments.models import Answer, AnswerRevision, Assessment, Mode, Respondent
from library.actions import definitions
from library.document import parse
from library.models import Definition
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db


def next_run(old: Assessment, definition: Definition | None = None) -> Assessment:
    by = cast.viewer("sam", "Northwind")
    made = assessments.create(by=by, account=old.account, definition=definition or old.definition, another=True)
    return Assessment.objects.select_related("account", "version").get(pk=made.pk)


def published_anew(definition: Definition, data: dict) -> Definition:
    """This will publish a newer version of a definition."""
    definitions.import_draft(by=cast.system(), document=parse(data))
    definitions.publish(by=cast.system(), definition=Definition.objects.get(pk=definition.pk))
    return Definition.objects.get(pk=definition.pk)


def own_set(run: Assessment) -> dict[str, Answer]:
    return {row.question_key: row for row in Answer.objects.filter(assessment=run, respondent=None)}


def test_an_answer_keeps_its_value_its_comment_and_who_gave_it():
    with cast.inside():
        old, priya = stage.launched(), cast.viewer("priya", "Northwind")
        stage.say(priya, old, "share", "40", comment="As of March")
        stage.say(cast.viewer("sam", "Northwind"), old, "edr", "most")
        new = next_run(old)
        assert carry(old=old, new=new, sets={None: None}) == 2
        rows = own_set(new)
        share, edr = rows["share"], rows["edr"]
        assert (share.value, share.comment, share.answered_by, share.on_behalf) == (
            40,
            "As of March",
            priya.user,
            False,
        )
        assert (edr.answered_by, edr.on_behalf, edr.revision) == (cast.person("sam"), True, 1)
        assert share.carried_over
        assert edr.carried_over
        assert AnswerRevision.objects.filter(assessment=new).count() == 2


def test_it_does_not_count_until_it_is_confirmed_and_then_it_does():
    with cast.inside():
        old, priya = stage.completed(), cast.viewer("priya", "Northwind")
        new = next_run(old)
        carry(old=old, new=new, sets={None: None})
        assert answers_of(new) == {}
        row = own_set(new)["share"]
        saved = answers.save(
            by=priya, assessment=new, question_key="share", state="answered", raw="100", seen_revision=row.revision
        )
        assert not saved.conflict
        assert not Answer.objects.get(pk=row.pk).carried_over
        assert set(answers_of(new)) == {"share"}
        new.refresh_from_db()
        assert new.answered_count == 1


def test_only_what_fits_the_version_published_now_comes_along():
    with cast.inside():
        definition, priya = stage.publish(), cast.viewer("priya", "Northwind")
        old = stage.launched(definition=definition)
        for key, raw in {"share": "90", "edr": "most", "backup": "yes", "motto": "On we go"}.items():
            stage.say(priya, old, key, raw)
        data = copy.deepcopy(stage.EVERY_KIND)
        basics = data["sections"][0]["questions"]
        basics[:] = [question for question in basics if question["key"] != "motto"]
        next(question for question in basics if question["key"] == "share")["maximum"] = 50
        edr = next(question for question in basics if question["key"] == "edr")
        edr["options"] = [option for option in edr["options"] if option["key"] != "most"]
        new = next_run(old, published_anew(definition, data))
        assert new.version_id != old.version_id
        carry(old=old, new=new, sets={None: None})
        assert set(own_set(new)) == {"backup"}


def test_cleared_answers_hidden_ones_and_files_stay_behind():
    with cast.inside():
        priya = cast.viewer("priya", "Northwind")
        old = stage.launched(definition=stage.publish(stage.RICH))
        stage.attach(priya, old)
        stage.say(priya, old, "record", None)
        stage.say(priya, old, "words", "Soon gone")
        stage.say(priya, old, "words", state="", seen_revision=1)
        stage.say(priya, old, "quick", stage.QUICK)
        new = next_run(Assessment.objects.get(pk=old.pk))
        carry(old=old, new=new, sets={None: None})
        assert set(own_set(new)) == {"quick"}
        hidden = stage.launched()
        stage.say(priya, hidden, "backup", "yes")
        stage.say(priya, hidden, "tested", "4")
        stage.say(priya, hidden, "backup", "no", seen_revision=1)
        old = Assessment.objects.get(pk=hidden.pk)
        new = next_run(old)
        carry(old=old, new=new, sets={None: None})
        assert set(own_set(new)) == {"backup"}


def test_of_an_independent_run_everybody_gets_their_own_answers_back():
    with cast.inside():
        sam, old = cast.viewer("sam", "Northwind"), stage.launched()
        people = [Person("Gus", "gus@example.com"), Person("Ann", "ann@example.com")]
        before = respondents.add(by=sam, run=old, people=people)
        Assessment.objects.filter(pk=old.pk).update(mode=Mode.INDEPENDENT)
        for one, value in zip(before, (10, 20), strict=True):
            Answer.objects.create(
                organization_id=old.organization_id, account_id=old.account_id, assessment=old, question_key="share",
                value=value, respondent=one, guest=one,
            )  # fmt: skip
        new = next_run(old)
        after = respondents.add(by=sam, run=new, people=people)
        assert carry(old=old, new=new, sets=dict(zip(before, after, strict=True))) == 2
        rows = {row.respondent: row for row in Answer.objects.filter(assessment=new)}
        assert {one.email: rows[one].value for one in after} == {"gus@example.com": 10, "ann@example.com": 20}
        # Gus gave it, then and there.
        assert rows[after[0]].guest == before[0]
        assert Respondent.objects.filter(assessment=new).count() == 2


def test_carrying_twice_is_carrying_once():
    with cast.inside():
        old = stage.completed()
        new = next_run(old)
        carry(old=old, new=new, sets={None: None})
        carry(old=old, new=new, sets={None: None})
        assert Answer.objects.filter(assessment=new).count() == 5
