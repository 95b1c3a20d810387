"""Every step that the audit trail records about an account is told in a sentence."""

import ast
from pathlib import Path

import pytest

from portal.staff import activity

ROOT = Path(__file__).parents[3]
# What belongs to the organization as a whole is not told on an account's page.
ELSEWHERE = ("definition.", "group.", "preview_link.", "organization.", "report_template.")


def recorded() -> set[str]:
    """This will find the verbs that actions write into the trail, by reading the source."""
    verbs = set()
    for app in ("accounts", "assessments", "library"):
        for path in (ROOT / app / "actions").glob("*.py"):
            tree = ast.parse(path.read_text())
            for call in ast.walk(tree):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record":
                    verbs |= {
                        one.value
                        for one in ast.walk(call.args[1])
                        if isinstance(one, ast.Constant) and isinstance(one.value, str) and "." in one.value
                    }
    return verbs


def test_the_trail_is_found() -> None:
    assert {"assessment.released", "respondents.added", "report.made"} <= recorded()


@pytest.mark.parametrize("verb", sorted(verb for verb in recorded() if not verb.startswith(ELSEWHERE)))
def test_a_step_has_a_sentence(verb: str) -> None:
    assert verb in activity._SENTENCES
