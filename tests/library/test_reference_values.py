"""The reference values of a draft: the table, what is wrong with a row, lines of a sheet, and two editors at once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import industries
from accounts.industry import industry_choices
from library.actions import definitions
from library.authoring import reference_table
from library.authoring.reference_table import Row
from library.document import parse
from tests import cast
from tests.library.editing import HTMX, at, changes_of, document_now, drafted, filled, send, small

pytestmark = pytest.mark.django_db

VALUE = {
    "score": "overall", "value": 61, "label": "Average of banks", "n": "120", "source": "Yearly survey", "year": 2025,
    "industry": "52",
}  # fmt: skip


def named(code: str) -> str:
    return f"Sector {code}"


def row(**more) -> Row:
    return Row(**{"id": "0", "score": "overall", "industry": "52", "value": "61", "n": "120", "year": "2025", "source": "Survey"} | more)  # fmt: skip


def test_a_row_becomes_a_value_with_a_name_of_its_own_or_one_made_for_it():
    document = parse(small())
    made = reference_table.built(document, [row(), row(id="1", industry="", label="Everybody")], named)
    assert made.errors == {}
    assert made.data == [
        {"score": "overall", "value": 61, "label": "Average: Sector 52", "n": "120", "source": "Survey", "year": 2025, "industry": "52"},
        {"score": "overall", "value": 61, "label": "Everybody", "n": "120", "source": "Survey", "year": 2025},
    ]  # fmt: skip
    parse(small(reference_values=made.data))


@pytest.mark.parametrize(
    ("wrong", "column", "words"),
    [
        ({"value": "101"}, "value", "This score is from 0 to 100."),
        ({"value": "-1"}, "value", "This score is from 0 to 100."),
        ({"value": "many"}, "value", "Enter a number"),
        ({"value": "nan"}, "value", "Enter a number"),
        ({"value": "1e400"}, "value", "Enter a number"),
        ({"year": "25"}, "year", "Enter a year"),
        ({"year": "٢٠٢٥"}, "year", "Enter a year"),
        ({"year": "1066"}, "year", "Enter a year"),
        ({"score": "nope"}, "score", "Choose a score"),
        ({"industry": "522"}, "industry", "Choose a sector"),
        ({"source": "x" * 201}, "source", "At most 200"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(wrong, column, words):
    made = reference_table.built(parse(small()), [row(**wrong)], named)
    assert made.data is None
    assert words in made.errors[f"0-{column}"]


def test_what_is_missing_is_no_mistake_until_it_is_saved_and_an_empty_row_is_none():
    document = parse(small())
    made = reference_table.built(document, [row(value="", source="")], named)
    assert (made.data, made.errors, set(made.missing)) == (None, {}, {"0-value", "0-source"})
    assert reference_table.built(document, [Row("3", "overall")], named).data == []


def test_the_same_score_industry_and_year_stand_once():
    document = parse(small())
    twice = reference_table.built(document, [row(), row(id="1", value="62")], named)
    assert "stand in another row" in twice.errors["1-score"]
    assert reference_table.built(document, [row(), row(id="1", year="2024")], named).errors == {}


def test_lines_of_a_sheet_are_judged_before_anything_changes():
    document = parse(small(reference_values=[VALUE]))
    present = reference_table.rows_of(document)
    text = (
        "Industry\tScore\tAverage\tCompanies\tDate\tSource\n"
        "Finance and Insurance\tResult\t61\t120\t2025\tYearly survey\n"
        "52\tBackups\t44,5\t98\t2025-03-01\tYearly survey\n"
        "522\toverall\t50\t10\t2025\tX\n"
        "\tpeople\t70\t500\t2025\tX\n"
        "Utilties\toverall\t70\t5\t2025\tX\n"
        "52\tPeopel\t70\t5\t2025\tX\n"
        "all\tpeople\t71\t500\t2025\tX\n"
        "31\toverall\t199\t5\t2025\tX\n"
        "52\toverall\t62\t130\t2025\tYearly survey\n"
    )
    judged = reference_table.verdicts(document, present, text, named)
    assert [one.fate for one in judged] == [
        "same", "new", "wrong", "new", "wrong", "wrong", "wrong", "wrong", "wrong",
    ]  # fmt: skip
    assert judged[1].row.value == "44.5"
    assert judged[1].message == "Of the date, the year is kept."
    assert "stand for sectors: 52" in judged[2].message
    assert "did you mean" in judged[4].message
    assert "did you mean “People”" in judged[5].message
    assert "stand in line 5" in judged[6].message
    assert "from 0 to 100" in judged[7].message
    assert "stand in line 2" in judged[8].message
    rows = reference_table.taken_over(present, judged)
    assert [(one.score, one.industry, one.value) for one in rows] == [
        ("overall", "52", "61"), ("backups", "52", "44.5"), ("people", "", "70"),
    ]  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_line_replaces_what_stands_there_whatever_the_separator(separator):
    document = parse(small(reference_values=[VALUE]))
    text = separator.join(["overall", "52", "63", "140", "2025", "Yearly survey"])
    [judged] = reference_table.verdicts(document, reference_table.rows_of(document), text, named)
    assert (judged.fate, judged.message) == ("replaced", "Was 61.")
    [now] = reference_table.taken_over(reference_table.rows_of(document), [judged])
    assert (now.value, now.label) == ("63", "Average of banks")


@pytest.mark.parametrize(
    "text", ["", "\n\n", "\x00", '"', '"a\nb', "x" * 200_000, "=1+1\t=2", "\ufeff\t\t\t", "\ud800"]
)
def test_nonsense_is_judged_and_breaks_nothing(text):
    document = parse(small())
    assert all(one.fate == "wrong" for one in reference_table.verdicts(document, [], text, named))


def test_the_page_saves_a_row_and_offers_to_undo_it():
    draft = drafted()
    sam, url = cast.visitor("sam"), at("reference_values", draft)
    page = sam.get(url)
    assert "No reference values yet" in page.content.decode()
    added = send(sam, url, filled(page), do="add")
    typed = {"industry-0": "52", "value-0": "61", "n-0": "120", "year-0": "2025", "source-0": "Survey"}
    saved = send(sam, url, filled(added), **typed)
    forged = send(sam, url, filled(added), **(typed | {"industry-0": "2"}))
    assert forged.status_code == 422
    assert saved.status_code == 200
    [value] = document_now(draft).reference_values
    assert (value.value, value.industry, value.label) == (61, "52", "Average: Finance and Insurance")
    assert changes_of(draft) == 1
    wrong = send(sam, url, filled(saved), **{"value-0": "610"})
    assert wrong.status_code == 422
    assert "This score is from 0 to 100." in wrong.content.decode()
    assert 'value="610"' in wrong.content.decode()
    assert document_now(draft).reference_values[0].value == 61
    gone = send(sam, url, filled(saved), do="remove:0")
    assert gone.status_code == 200
    assert document_now(draft).reference_values == ()
    plain = sam.post(url, {"do": "save", "seen": ""})
    assert plain.status_code == 303


def test_of_two_who_change_the_table_the_second_is_asked():
    draft = drafted(reference_values=[VALUE])
    sam, lena, url = cast.visitor("sam"), cast.visitor("lena"), at("reference_values", draft)
    hers, his = filled(lena.get(url)), filled(sam.get(url))
    assert send(lena, url, hers, **{"value-0": "55"}).status_code == 200
    refused = send(sam, url, his, **{"value-0": "66"})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "changed this meanwhile" in page
    assert 'value="66"' in page
    assert document_now(draft).reference_values[0].value == 55
    kept = send(sam, url, filled(refused), do="mine")
    assert kept.status_code == 200
    assert document_now(draft).reference_values[0].value == 66


def test_a_pasted_sheet_and_a_file_are_shown_before_they_are_taken():
    draft = drafted(reference_values=[VALUE])
    sam, url = cast.visitor("sam"), at("reference_values", draft)
    text = "overall,52,63,140,2025,Yearly survey\noverall,,58,900,2025,Yearly survey\nnope,,1,1,2025,X"
    fields = {name: list(values) for name, values in filled(sam.get(url)).lists()}
    fields |= {"do": ["check"], "file": SimpleUploadedFile("values.csv", text.encode())}
    seen = sam.post(url, fields, headers=HTMX)
    page = seen.content.decode()
    assert "1 new · 1 replaced · 0 unchanged · 1 not taken" in page
    assert len(document_now(draft).reference_values) == 1
    taken = send(sam, url, filled(seen), do="take")
    assert taken.status_code == 200
    assert [(one.value, one.industry) for one in document_now(draft).reference_values] == [(63, "52"), (58, None)]
    assert "nope" in filled(taken)["pasted"]
    nothing = send(sam, url, filled(sam.get(url)), do="check")
    assert nothing.status_code == 422
    assert "There is no line to read" in nothing.content.decode()
    binary = {name: list(values) for name, values in filled(sam.get(url)).lists()}
    binary |= {"do": ["check"], "file": SimpleUploadedFile("x.csv", b"\x00\x01\x02PK")}
    refused = sam.post(url, binary, headers=HTMX)
    assert refused.status_code == 422
    assert "This is no text file." in refused.content.decode()


def test_a_definition_without_scores_has_nothing_to_compare():
    data = small()
    del data["scoring"]
    with cast.inside():
        draft = definitions.import_draft(by=cast.system(), document=parse(data)).definition
    page = cast.visitor("sam").get(at("reference_values", draft)).content.decode()
    assert "Answers are collected without a score" in page


def test_a_published_definition_has_no_table_to_edit_and_stands_in_the_settings():
    draft = drafted(reference_values=[VALUE])
    with cast.inside():
        definitions.publish(by=cast.system(), definition=draft)
    assert cast.visitor("sam").get(at("reference_values", draft)).status_code == 409
    page = cast.visitor("ada").get("/staff/settings/industries/")
    finance = next(sector for sector in page.context["sectors"] if sector.code == "52")
    assert ("Small", 1, f"/staff/library/{draft.pk}/") in [(one.name, one.count, one.url) for one in finance.sources]


def test_an_industry_gets_a_name_of_its_own_and_is_offered_or_not():
    ada = cast.visitor("ada")
    assert ada.get("/staff/settings/industries/99/").status_code == 404
    done = ada.post("/staff/settings/industries/621/", {"name": "Doctors  and\ndentists", "is_offered": "on"})
    assert (done.status_code, done["Location"]) == (303, "/staff/settings/industries/?open=62#i621")
    with cast.inside() as organization:
        northwind = cast.account("Northwind")
        assert northwind.industry_label == "Doctors and dentists"
        industries.choose(by=cast.viewer("ada"), code="62", is_offered=False)
        offered = dict(industry_choices.choices_of(organization))
        assert "Health Care and Social Assistance" not in offered
        kept = dict(industry_choices.choices_of(organization, northwind.industry))
        assert kept[northwind.industry] == f"Doctors and dentists ({northwind.industry})"
    page = cast.visitor("sam").get("/staff/accounts/").content.decode()
    assert "Doctors and dentists" in page
    for who in ("sam", "priya", "theo"):
        assert cast.visitor(who).get("/staff/settings/industries/").status_code == 404
