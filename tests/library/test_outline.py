"""A definition as its authors read it through."""

from library import outline
from library.document import parse

DATA = {
    "format": "portal-definition/1",
    "key": "x",
    "name": "X",
    "sections": [
        {
            "key": "s",
            "name": "S",
            "questions": [
                {"key": "a", "type": "yes_no", "text": "A?", "required": True, "weight": 2},
                {
                    "key": "b",
                    "type": "matrix",
                    "text": "B?",
                    "rows": [{"key": "mon", "text": "Monday"}, {"key": "tue", "text": "Tuesday"}],
                    "options": [{"key": "x", "text": "Good", "value": 1}, {"key": "y", "text": "Unknown"}],
                    "require_if": {"question": "a", "operator": "equals", "value": "yes"},
                    "recommendations": [{"from": 0, "to": 50, "text": "Do."}],
                },
                {"key": "c", "type": "file", "text": "C?", "max_files": 3, "allow_evidence": True},
            ],
        }
    ],
}


def test_every_type_has_a_name_and_its_answers() -> None:
    part = outline.parts(parse(DATA))[0]
    assert [(item.number, item.kind, item.answers) for item in part.items] == [
        (1, "Yes or no", "Yes (1) · No (0)"),
        (2, "Matrix", "Monday, Tuesday: Good (1) · Unknown"),
        (3, "Files", "up to 3 files"),
    ]
    assert [item.notes for item in part.items] == [
        ["required", "weight 2"],
        ["has recommendations", "must be answered when question 1 is “Yes”"],
        ["takes evidence"],
    ]
