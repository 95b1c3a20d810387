"""Imports from reading to committing: who sees them, what they say, exactly one draft, nothing half-done."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from library.actions import definitions, imports
from library.exchange.report import Imported, Line
from library.models import Definition, DefinitionImport, DefinitionVersion
from library.problems import InvalidDefinition
from tests import cast

pytestmark = pytest.mark.django_db

SMALL = {
    "format": "portal-definition/1",
    "key": "small",
    "name": "Small",
    "sections": [{"key": "all", "name": "All", "questions": [{"key": "q1", "type": "yes_no", "text": "Ready?"}]}],
}
LINES = [
    Line("row 2", "taken", "Ready?"),
    Line("row 3", "changed", "How <b>often</b>?", "The scale has no ends; it is read as 1 to 5."),
    Line("row 4", "not_taken", "=cmd|' /C calc'!A0", "The row holds no question: its question cell is empty."),
]


def propose(who: str = "sam", data: dict | None = None, source: str = "own", lines=LINES) -> DefinitionImport:
    imported = Imported(source, data or SMALL, list(lines))
    return imports.propose(by=cast.viewer(who), file_name="list.csv", imported=imported)


def report_of(proposed: DefinitionImport) -> str:
    return reverse("staff:import_report", args=[proposed.pk])


def decide(who: str, proposed: DefinitionImport, **given: str):
    seen = cast.visitor(who).get(report_of(proposed)).context["plan"].token
    data = {"seen": seen, "becomes": "draft", "name": proposed.document["name"]} | given
    return cast.visitor(who).post(reverse("staff:import_commitment", args=[proposed.pk]), data)


def proposed_by(who: str, **options) -> DefinitionImport:
    with cast.inside():
        return propose(who, **options)


def published(key: str = "small") -> Definition:
    with cast.inside():
        version = definitions.import_draft(
            by=cast.viewer("ada"), document=Imported("own", SMALL | {"key": key}).document()
        )
        return definitions.publish(by=cast.viewer("ada"), definition=version.definition).definition


# Who


@pytest.mark.parametrize(
    ("who", "status"), [("sam", 200), ("ada", 200), ("lena", 404), ("dana", 403), ("priya", 404), ("amara", 404)]
)
def test_only_its_creator_and_admins_see_an_import(who: str, status: int):
    proposed = proposed_by("sam")
    for name in ("import_report", "import_report_csv"):
        address = reverse(f"staff:{name}", args=[proposed.pk])
        assert cast.visitor(who, at="harbor").get(address).status_code == status
    if status != 200:
        for name in ("import_commitment", "import_discarding"):
            address = reverse(f"staff:{name}", args=[proposed.pk])
            assert cast.visitor(who, at="harbor").post(address, {"name": "Mine"}).status_code == status
        with cast.inside():
            assert DefinitionImport.objects.get(pk=proposed.pk).committed_at is None


def test_an_admin_of_another_organization_knows_nothing_of_it():
    proposed = proposed_by("sam")
    assert cast.visitor("amara").get(report_of(proposed)).status_code == 404


# What the report says


def test_the_report_shows_every_line_and_what_it_becomes():
    proposed = proposed_by("sam")
    page = cast.visitor("sam").get(report_of(proposed)).content.decode()
    for words in (
        "row 2",
        "Ready?",
        "Taken",
        "Changed",
        "Not taken",
        "A new definition, as draft v1",
        "<code>small</code>",
    ):
        assert words in page
    assert "How &lt;b&gt;often&lt;/b&gt;?" in page
    assert "<b>often</b>" not in page


def test_the_report_is_filtered_and_searched_with_or_without_htmx():
    proposed = proposed_by("sam")
    visitor, address = cast.visitor("sam"), report_of(proposed)
    assert [row.place for row in visitor.get(address, {"verdict": "changed"}).context["rows"]] == ["row 3"]
    assert [row.place for row in visitor.get(address, {"q": "CELL empty"}).context["rows"]] == ["row 4"]
    assert visitor.get(address, {"verdict": "taken", "q": "nothing"}).context["rows"] == []
    assert "No line matches" in visitor.get(address, {"q": "nothing"}).content.decode()
    fragment = visitor.get(address, {"verdict": "changed"}, headers={"HX-Request": "true"}).content.decode()
    assert fragment.startswith('<section class="card card-flush" id="rows"')
    assert fragment in visitor.get(address, {"verdict": "changed"}).content.decode()


def test_the_questions_can_be_read_before_committing():
    proposed = proposed_by("sam")
    page = cast.visitor("sam").get(report_of(proposed), {"show": "questions"}).content.decode()
    assert page.count('class="outline-text"') == 1


def test_the_report_as_csv_is_neutralised():
    proposed = proposed_by("sam")
    response = cast.visitor("sam").get(reverse("staff:import_report_csv", args=[proposed.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="Small-import.csv"'
    text = response.content.decode("utf-8-sig")
    assert "\"'=cmd|' /C calc'!A0\"" in text
    assert text.count("\r\n") == 4


def test_what_is_unfinished_is_listed():
    proposed = proposed_by("sam", data=SMALL | {"sections": [{"key": "all", "name": "All"}]})
    page = cast.visitor("sam").get(report_of(proposed)).content.decode()
    assert "To do before publishing" in page
    assert "<code>sections[0]</code>" in page


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_page_takes_as_many_queries_for_any_length(count: int, django_assert_num_queries):
    lines = [Line(f"row {number}", "taken", "Ready?") for number in range(count)]
    proposed = proposed_by("sam", lines=lines)
    visitor = cast.visitor("sam")
    visitor.get(report_of(proposed))
    with django_assert_num_queries(13):
        visitor.get(report_of(proposed))


def test_5_000_lines_are_shown_in_pages():
    lines = [Line(f"row {number}", "taken", "Ready?") for number in range(5_000)]
    proposed = proposed_by("sam", lines=lines)
    response = cast.visitor("sam").get(report_of(proposed), {"page": "100"})
    assert response.context["rows"][-1].place == "row 4999"
    assert len(response.content) < 60_000


# Committing


def test_a_new_definition_is_made():
    proposed = proposed_by("sam")
    response = decide("sam", proposed, name="  Another\tname ")
    with cast.inside():
        version = DefinitionVersion.objects.get(definition__key="small")
        assert (version.number, version.state, version.document["name"]) == (1, "draft", "Another name")
        proposed.refresh_from_db()
        assert proposed.version == version
        verbs = AuditEntry.objects.values_list("verb", flat=True)
        assert {"definition.import_read", "definition.imported"} <= set(verbs)
    assert response["Location"] == reverse("staff:definition", args=[version.definition_id])


def test_a_list_renamed_before_committing_gets_a_key_of_its_new_name():
    decide("sam", proposed_by("sam", source="csv"), name="Vendor check")
    with cast.inside():
        assert Definition.objects.get(name="Vendor check").key == "vendor-check"


def test_an_admin_begins_a_draft_of_what_is_published():
    definition, proposed = published(), proposed_by("ada", data=SMALL | {"name": "Second"})
    page = cast.visitor("ada").get(report_of(proposed)).content.decode()
    assert "Make draft v2" in page
    decide("ada", proposed)
    with cast.inside():
        assert list(definition.versions.order_by("number").values_list("number", "state")) == [
            (1, "published"),
            (2, "draft"),
        ]


def test_an_executive_is_told_why_not_and_offered_a_new_definition():
    definition, proposed = published(), proposed_by("sam")
    page = cast.visitor("sam").get(report_of(proposed)).content.decode()
    assert "Only an Admin may begin a new draft of it" in page
    assert 'name="becomes" value="new"' in page
    assert 'value="draft"' not in page
    assert decide("sam", proposed, becomes="draft").status_code == 403
    with cast.inside():
        with pytest.raises(PermissionDenied):
            imports.commit(by=cast.viewer("sam"), proposed=proposed)
        assert definition.versions.count() == 1
    assert decide("sam", proposed, becomes="new", name="Small").status_code == 303
    with cast.inside():
        assert Definition.objects.get(key="small-2").versions.get().document["key"] == "small-2"
        assert definition.versions.count() == 1


def test_an_executive_may_replace_the_draft_of_what_is_published():
    definition, second = published(), proposed_by("ada", data=SMALL | {"name": "Second"})
    decide("ada", second)
    third = proposed_by("sam", data=SMALL | {"name": "Third"})
    page = cast.visitor("sam").get(report_of(third)).content.decode()
    assert "It replaces the draft v2" in page
    assert "Ada Whitfield" in page
    decide("sam", third)
    with cast.inside():
        assert definition.versions.get(number=2).document["name"] == "Third"


def test_the_same_content_is_named():
    published()
    page = cast.visitor("ada").get(report_of(proposed_by("ada"))).content.decode()
    assert "The content is the same as that of v1" in page


def test_what_has_changed_since_the_report_was_shown_is_shown_again():
    first, second = proposed_by("sam"), proposed_by("sam", data=SMALL | {"name": "Other"})
    seen = cast.visitor("sam").get(report_of(second)).context["plan"].token
    decide("sam", first)
    response = decide("sam", second, seen=seen)
    assert response.status_code == 409
    assert "The library has changed since you opened this page" in response.content.decode()
    with cast.inside():
        assert DefinitionVersion.objects.get(definition__key="small").document["name"] == "Small"
    assert decide("sam", second).status_code == 303


def test_committing_twice_makes_one_draft_and_says_so():
    proposed = proposed_by("sam")
    data = {"becomes": "draft", "name": "Small"}
    address = reverse("staff:import_commitment", args=[proposed.pk])
    visitor = cast.visitor("sam")
    assert visitor.post(address, data).status_code == 303
    again = visitor.post(address, data)
    assert again.status_code == 409
    assert "This file has become" in again.content.decode()
    discarded = visitor.post(reverse("staff:import_discarding", args=[proposed.pk]))
    assert discarded.status_code == 409
    with cast.inside():
        assert DefinitionVersion.objects.filter(definition__key="small").count() == 1


def test_when_anything_fails_nothing_has_happened(monkeypatch):
    proposed = proposed_by("sam")

    def fail(*, by, document):
        definitions_import(by=by, document=document)
        raise RuntimeError("power cut")

    definitions_import = definitions.import_draft
    monkeypatch.setattr(imports.definitions, "import_draft", fail)
    with cast.inside():
        with pytest.raises(RuntimeError):
            imports.commit(by=cast.viewer("sam"), proposed=proposed)
        assert not Definition.objects.filter(key="small").exists()
        assert DefinitionImport.objects.get(pk=proposed.pk).committed_at is None


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 201])
def test_a_name_that_cannot_be_is_refused_and_kept(name: str):
    proposed = proposed_by("sam")
    response = decide("sam", proposed, name=name)
    assert response.status_code == 422
    assert "<title>Error:" in response.content.decode()
    with cast.inside():
        assert not Definition.objects.filter(key="small").exists()


def test_discarding_leaves_nothing():
    proposed = proposed_by("sam")
    response = cast.visitor("sam").post(reverse("staff:import_discarding", args=[proposed.pk]))
    assert response["Location"] == reverse("staff:definition_import")
    with cast.inside():
        assert not DefinitionImport.objects.exists()
        assert not Definition.objects.filter(key="small").exists()


def test_what_nobody_decided_about_for_a_week_is_removed_with_the_next_import():
    with cast.inside():
        old, kept, committed = propose(), propose(), propose()
        imports.commit(by=cast.viewer("sam"), proposed=committed)
        long_ago = timezone.now() - timedelta(days=8)
        DefinitionImport.objects.filter(pk__in=[old.pk, committed.pk]).update(created_at=long_ago)
        new = propose()
        assert set(DefinitionImport.objects.all()) == {kept, committed, new}


def test_what_waits_is_offered_on_the_import_page():
    proposed = proposed_by("sam")
    assert report_of(proposed) in cast.visitor("sam").get(reverse("staff:definition_import")).content.decode()
    assert report_of(proposed) not in cast.visitor("lena").get(reverse("staff:definition_import")).content.decode()


def test_a_definition_no_draft_may_be_is_not_even_proposed():
    with cast.inside():
        for wrong in ({"name": ""}, {"key": "k" * 81}, {"sections": [SMALL["sections"][0], SMALL["sections"][0]]}):
            with pytest.raises(InvalidDefinition):
                propose(data=SMALL | wrong)
        assert not DefinitionImport.objects.exists()


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\temp\\list.csv", "list.csv"),
        ("a\x00b\x1b\n.csv", "ab.csv"),
        ("\u202egpj.csv", "gpj.csv"),
        ("x" * 300, "x" * 255),
        ("", "file"),
        ("..", ".."),
    ],
)
def test_a_files_name_is_stored_so_that_it_can_be_shown(given: str, stored: str):
    assert imports.printable_name(given) == stored


def test_hostile_file_names_are_taken_as_names(conformance_data):
    folder = conformance_data / "bad-inputs" / "filenames"
    names = [line for file in sorted(folder.glob("*.txt")) for line in file.read_text("utf-8", "replace").splitlines()]
    for name in names:
        stored = imports.printable_name(name)
        assert stored.isprintable()
        assert "/" not in stored
        assert "\\" not in stored
    data = json.dumps(SMALL).encode()
    for name in names[::40]:
        response = cast.visitor("sam").post(
            reverse("staff:definition_import"), {"file": SimpleUploadedFile(name or "x", data)}
        )
        assert response.status_code in (303, 422)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_a_download(ending: str):
    response = cast.visitor("sam").get(reverse("staff:import_template", args=[ending]))
    assert response["Content-Disposition"] == f'attachment; filename="questions.{ending}"'
    assert cast.visitor("sam").get(reverse("staff:import_template", args=["exe"])).status_code == 404


def test_a_list_goes_the_whole_way():
    text = "Section,Question,Options\nBackup,Where?,Away=2|Here=1\n,=1+1,\n"
    file = SimpleUploadedFile("Backup check.csv", text.encode("utf-16"))
    response = cast.visitor("sam").post(reverse("staff:definition_import"), {"file": file})
    with cast.inside():
        proposed = DefinitionImport.objects.get()
    assert response["Location"] == report_of(proposed)
    decide("sam", proposed)
    with cast.inside():
        document = Definition.objects.get(key="backup-check").versions.get().document
    assert [question["text"] for question in document["sections"][0]["questions"]] == ["Where?", "=1+1"]
    assert document["scoring"]["overall"] == "overall"


REAL = {
    "google-vsaq/physical_and_datacenter.json": "Google VSAQ questionnaire",
    "google-vsaq/security_privacy_programs.json": "Google VSAQ questionnaire",
    "google-vsaq/test_template.json": "Google VSAQ questionnaire",
    "google-vsaq/test_template_extension.json": "Google VSAQ questionnaire",
    "aws-wa-custom-lens/custom-lensddb.v0.7.json": "AWS Well-Architected custom lens",
}


@pytest.mark.parametrize("path", REAL)
def test_real_files_go_the_whole_way(path: str, conformance_data):
    data = (conformance_data / path).read_bytes()
    file = SimpleUploadedFile(path.rpartition("/")[2], data)
    response = cast.visitor("sam").post(reverse("staff:definition_import"), {"file": file})
    assert response.status_code == 303
    page = cast.visitor("sam").get(response["Location"])
    assert REAL[path] in page.content.decode()
    with cast.inside():
        proposed = DefinitionImport.objects.get()
    taken = decide("sam", proposed)
    assert cast.visitor("sam").get(taken["Location"]).status_code == 200
    with cast.inside():
        version = Definition.objects.get(key=proposed.document["key"]).versions.get()
        assert version.document == proposed.document
