"""Our own table of NAICS 2022 sectors and subsectors against the official list."""

import csv
from pathlib import Path

import pytest

from accounts.industry import industries


@pytest.fixture(scope="session")
def official(conformance_data: Path) -> list[dict[str, str]]:
    with (conformance_data / "industry" / "naics-2022.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_sectors_and_subsectors_are_the_official_ones(official: list[dict[str, str]]) -> None:
    by_level = {level: {row["code"]: row["title"] for row in official if row["level"] == level} for level in ("2", "3")}
    assert by_level["2"] == industries.SECTORS
    assert by_level["3"] == industries.SUBSECTORS
    assert len(industries.SECTORS) == 20


def test_every_official_code_is_valid_and_lies_in_its_sector(official: list[dict[str, str]]) -> None:
    parents = {row["code"]: row["parent"] for row in official}
    for row in official:
        top = code = row["code"]
        while parents[top]:
            top = parents[top]
        assert industries.normalize(code) == code
        assert industries.sector(code) == top
        if row["level"] in "23":
            assert industries.label(code) == row["title"]


@pytest.mark.parametrize(
    ("code", "normal", "sector", "label"),
    [
        ("31", "31-33", "31-33", "Manufacturing"),
        ("33", "31-33", "31-33", "Manufacturing"),
        ("31-33", "31-33", "31-33", "Manufacturing"),
        (" 45 ", "44-45", "44-45", "Retail Trade"),
        ("49", "48-49", "48-49", "Transportation and Warehousing"),
        ("52", "52", "52", "Finance and Insurance"),
        ("621210", "621210", "62", "Ambulatory Health Care Services"),
        ("3254", "3254", "31-33", "Chemical Manufacturing"),
    ],
)
def test_codes_are_looked_up(code: str, normal: str, sector: str, label: str) -> None:
    assert industries.normalize(code) == normal
    assert industries.sector(code) == sector
    assert industries.label(code) == label


@pytest.mark.parametrize(
    "code", ["", "1", "00", "34", "99", "310", "999", "1234567", "52a", "31-32", "٥٢", "-52", "5.2", "x" * 500]
)
def test_other_codes_are_refused_with_a_message(code: str) -> None:
    assert not industries.is_valid(code)
    with pytest.raises(industries.UnknownIndustry) as refused:
        industries.sector(code)
    assert "NAICS 2022" in refused.value.message
    assert len(refused.value.message) < 200


def test_a_form_offers_sectors_with_their_subsectors() -> None:
    assert ("52", "Finance and Insurance") in industries.choices()
    groups = dict(industries.grouped_choices())
    assert [code for code, __ in groups["Manufacturing"]][:3] == ["31-33", "311", "312"]
    assert industries.subsector("52") is None
    assert industries.subsector("522110") == "522"
    assert set(industries.subsectors("44-45")) == {"441", "444", "445", "449", "455", "456", "457", "458", "459"}
