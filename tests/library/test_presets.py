"""Ready-made answers: enough of them, each usable as the options of a question as it stands."""

import pytest

from library.authoring import presets
from library.authoring.presets import PRESETS, options_of
from library.document import parse
from tests.library.editing import small


def test_there_are_at_least_eighteen_each_under_its_own_key_and_name():
    assert len(PRESETS) >= 18
    assert all(preset.key == key for key, preset in PRESETS.items())
    assert len({str(preset.name) for preset in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize("key", ["agreement", "frequency", "quality", "confidence", "clarity", "maturity", "likelihood", "impact", "yes_no", "yes_partly_no"])  # fmt: skip
def test_the_usual_ones_are_there(key):
    assert key in PRESETS


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.key)
def test_each_makes_options_that_a_definition_takes(preset):
    options = options_of(preset)
    question = {"key": "asked", "type": "single_choice", "text": "How?", "options": options}
    document = parse(small(sections=[{"key": "backups", "name": "Backups", "questions": [question]}], scoring=None))
    assert [option.text for option in document.questions()[0].choices] == [str(text) for text, _value in preset.answers]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.key)
def test_each_goes_from_the_best_answer_down_to_zero(preset):
    values = [value for _text, value in preset.answers]
    assert values == sorted(values, reverse=True)
    assert values[-1] == 0
    assert len(set(values)) == len(values)


def test_the_answers_stand_on_one_line_to_choose_from():
    assert presets.PRESETS["yes_partly_no"].words == "Yes · Partly · No"
