import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from library.actions import definitions, library_entries
from library.document import parse
from library.models import Definition, DefinitionVersion
from tests import cast

pytestmark = pytest.mark.django_db


def small(key: str = "small", name: str = "Small", group: str = "", **more) -> dict:
    return {
        "format": "portal-definition/1",
        "key": key,
        "name": name,
        "group": group,
        "sections": [
            {
                "key": "all",
                "name": "All of it",
                "questions": [
                    {"key": "q1", "type": "yes_no", "text": "Are you ready?", "required": True},
                    {
                        "key": "q2", "type": "number", "text": "How ready?", "minimum": 0, "maximum": 10, "weight": 2,
                        "allow_not_applicable": True, "allow_dont_know": True,
                        "show_if": {"question": "q1", "operator": "equals", "value": "yes"},
                    },
                ],
            }
        ],
        "scoring": {
            "scale": {"min": 0, "max": 1},
            "overall": "overall",
            "scores": [{"key": "overall", "name": "Readiness", "rule": "mean", "inputs": [{"questions": ["q1"]}]}],
            "zones": [{"label": "Low", "from": 0, "to": 0.5, "tone": "b1"}, {"label": "High", "from": 0.5, "to": 1, "tone": "b4"}],
        },
    } | more  # fmt: skip


def drafted(**more) -> Definition:
    with cast.inside():
        return definitions.import_draft(by=cast.system(), document=parse(small(**more))).definition


def published(**more) -> Definition:
    definition = drafted(**more)
    with cast.inside():
        return definitions.publish(by=cast.system(), definition=definition).definition


def address(name: str, definition: Definition) -> str:
    return reverse(f"staff:{name}", args=[definition.id])


def names_in(response) -> list[str]:
    return [row.definition.name for row in response.context["rows"]]


def test_the_list_shows_state_version_questions_and_use():
    drafted(key="a-draft", name="A draft")
    again = published(key="again", name="Again")
    drafted(key="again", name="Again")
    with cast.inside():
        library_entries.assign(by=cast.system(), account=cast.account("Northwind"), definitions=[again])
        library_entries.assign(by=cast.system(), account=cast.account("Cobalt"), definitions=[again])
    rows = {row.definition.name: row for row in cast.visitor("ada").get("/staff/library/").context["rows"]}
    draft, both = rows["A draft"], rows["Again"]
    assert (draft.state, draft.version, draft.draft, draft.questions, draft.used_by) == ("draft", 0, 1, 2, 0)
    assert (both.state, both.version, both.draft, both.used_by) == ("published", 1, 2, 2)


def test_an_executive_counts_only_the_accounts_that_are_theirs():
    again = published(key="again", name="Again")
    with cast.inside():
        for name in ("Northwind", "Cobalt"):
            library_entries.assign(by=cast.system(), account=cast.account(name), definitions=[again])
    row = next(row for row in cast.visitor("sam").get("/staff/library/").context["rows"] if row.definition == again)
    assert row.used_by == 1


def test_the_filter_stands_in_the_address():
    drafted(key="a-draft", name="A draft", group="Oddities")
    old = published(key="old", name="Old one")
    with cast.inside():
        definitions.deprecate(by=cast.system(), definition=old)
    visitor = cast.visitor("ada")
    assert names_in(visitor.get("/staff/library/?state=draft")) == ["A draft"]
    assert names_in(visitor.get("/staff/library/?state=deprecated")) == ["Old one"]
    assert "Old one" not in names_in(visitor.get("/staff/library/?state=published"))
    assert names_in(visitor.get("/staff/library/?q=vendor")) == ["Vendor and supply chain risk"]
    assert names_in(visitor.get("/staff/library/?group=People")) == ["Phishing and security culture"]
    assert "No definition matches" in visitor.get("/staff/library/?q=zzz&state=zzz").content.decode()


def test_the_fragment_is_the_part_of_the_page():
    visitor = cast.visitor("sam")
    part = visitor.get("/staff/library/?q=risk", headers={"HX-Request": "true"}).content.decode()
    assert part in visitor.get("/staff/library/?q=risk").content.decode()


def test_the_number_of_queries_is_the_same_for_few_and_many():
    visitor, counts, have = cast.visitor("ada"), set(), 0
    visitor.get("/staff/library/")
    for many in (1, 3, 40):
        for number in range(have, many):
            published(key=f"many-{number}", name=f"Many {number:02}")
        have = many
        with CaptureQueriesContext(connection) as queries:
            visitor.get("/staff/library/?q=many")
        counts.add(len(queries))
    assert len(counts) == 1, counts


def test_a_definition_is_shown_with_questions_answers_and_scoring_in_words():
    page = cast.visitor("sam").get(address("definition", published())).content.decode()
    for words in (
        "All of it", "Are you ready?", "Yes (1) · No (0)", "required", "0 to 10", "weight 2", "may be not applicable",
        "may be unsure", "asked when question 1 is “Yes”", "The mean of the inputs", "counts as zero", "is left out",
        "Low", "High", "published",
    ):  # fmt: skip
        assert words in page, words


def test_every_definition_of_our_own_can_be_read_through():
    visitor = cast.visitor("sam")
    with cast.inside():
        every = list(Definition.objects.all())
    for definition in every:
        response = visitor.get(address("definition", definition))
        assert response.status_code == 200
        assert response.content.decode().count('class="outline-text"') == definition.question_count


def test_a_definition_without_scoring_says_so():
    plain = {key: value for key, value in small(key="plain").items() if key != "scoring"}
    with cast.inside():
        definition = definitions.import_draft(by=cast.system(), document=parse(plain)).definition
    assert (
        "Answers are collected without a score"
        in cast.visitor("sam").get(address("definition", definition)).content.decode()
    )


def test_each_version_has_its_own_address():
    definition = published(name="First words")
    drafted(name="Second words")
    visitor, here = cast.visitor("sam"), address("definition", definition)
    latest = visitor.get(here).content.decode()
    assert "<h1>Second words" in latest
    assert "This is the draft v2. Clients take v1 until it is published." in latest
    assert "<h1>First words" in visitor.get(f"{here}?version=1").content.decode()
    for unknown in ("3", "x", "-1"):
        assert visitor.get(f"{here}?version={unknown}").status_code == 404


def test_an_admin_publishes_and_an_executive_is_told_whom_to_ask():
    definition = drafted()
    here = address("definition", definition)
    page = cast.visitor("sam").get(here).content.decode()
    assert "Ask an admin to publish" in page
    assert address("publication", definition) not in page
    assert cast.visitor("sam").post(address("publication", definition)).status_code == 403
    with cast.inside():
        assert Definition.objects.get(pk=definition.pk).state == "draft"
    assert cast.visitor("ada").post(address("publication", definition)).status_code == 303
    with cast.inside():
        assert Definition.objects.get(pk=definition.pk).state == "published"
        assert DefinitionVersion.objects.get(definition=definition).published_by == cast.person("ada")
    assert cast.visitor("ada").post(address("publication", definition)).status_code == 409


def test_an_admin_deprecates_and_nobody_launches_it_any_more():
    definition = published()
    assert cast.visitor("sam").post(address("deprecation", definition)).status_code == 403
    assert (
        address("deprecation", definition)
        not in cast.visitor("sam").get(address("definition", definition)).content.decode()
    )
    assert (
        address("deprecation", definition)
        in cast.visitor("ada").get(address("definition", definition)).content.decode()
    )
    assert cast.visitor("ada").post(address("deprecation", definition)).status_code == 303
    with cast.inside():
        assert not Definition.objects.launchable().filter(pk=definition.pk).exists()
    assert "Deprecated" in cast.visitor("sam").get(address("definition", definition)).content.decode()


def test_the_export_is_the_document():
    definition = published()
    response = cast.visitor("sam").get(address("definition_export", definition))
    assert response["Content-Disposition"] == 'attachment; filename="Small_v1.json"'
    assert parse(json.loads(response.content)).content_hash() == parse(small()).content_hash()


def test_another_organizations_definition_does_not_exist_here():
    with cast.inside("sunny"):
        foreign = Definition.objects.first()
    for name in ("definition", "definition_export"):
        assert cast.visitor("ada").get(address(name, foreign)).status_code == 404
    for name in ("publication", "deprecation"):
        assert cast.visitor("ada").post(address(name, foreign)).status_code == 404


def test_words_of_a_definition_are_text_wherever_they_stand():
    evil = "<script>alert(1)</script>"
    definition = drafted(key="evil", name=evil, summary=evil, group="<b>x")
    visitor = cast.visitor("ada")
    for page in (visitor.get(address("definition", definition)), visitor.get("/staff/library/")):
        assert evil not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


def test_searching_finds_words_in_tags():
    published(key="tagged", name="Tagged", tags=["Third parties"])
    drafted(key="other", name="Other", tags=["parties"])
    found = names_in(cast.visitor("sam").get(reverse("staff:definitions"), {"q": "third"}))
    assert "Tagged" in found
    assert "Other" not in found
