"""What an author's text may do, and that a hostile one can neither hang, nor read, nor become markup."""

import time
from contextlib import suppress

import pytest

from assessments.reports import liquid, variables
from assessments.reports.sections import KINDS, starting_set
from portal.web import markdown

ACCOUNT = {"account": {"name": "Northwind Dental"}}


def written(source: str, values=None) -> str:
    return liquid.markdown(source, variables.sample() if values is None else values)


def messages(source: str) -> list[str]:
    return [str(problem) for problem in liquid.problems_of(source)]


def test_variables_conditions_and_loops():
    source = (
        "{% if zone %}**{{ score }}** of {{ score_maximum }}{% endif %}\n"
        "{% for area in weakest %}- {{ area.name }}{% unless forloop.last %},{% endunless %}\n{% endfor %}"
    )
    assert messages(source) == []
    text = written(source)
    assert text.startswith("**62** of 100")
    assert text.count("- Backup and recovery") == 3


def test_filters():
    assert written("{{ findings.critical | plus: findings.high }}") == "3"
    assert markdown.render(written("{{ account.name | upcase }}")) == "<p>NORTHWIND DENTAL</p>\n"
    assert written("{% assign n = sections | map: 'name' | uniq | size %}{{ n }}") == "1"


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("Dear\n{{ acount.name }}", (2, 4), "acount"),
        ("{{ account.nmae }}", (1, 4), "account.nmae"),
        ("{% for a in sections %}{{ a.scor }}{% endfor %}", (1, 27), "a.scor"),
        ("{{ score | shout }}", (1, 12), "shout"),
        ("{% include 'secrets' %}", (1, 1), "include"),
        ("{% render 'x' %}", (1, 1), "render"),
        ("One\n\n  {{ score", (3, 3), "{{"),
        ("{% if score %}yes", None, "endif"),
        ("{% tablerow a in sections %}{% endtablerow %}", (1, 1), "tablerow"),
        ("{{ now }}", (1, 4), "now"),
        ("{% if %}{% endif %}", None, ""),
        ("x" * 10_001, (1, 1), "10,000"),
    ],
)
def test_the_linter_says_what_is_wrong_and_where(source, place, words):
    found = liquid.problems_of(source)
    assert found
    assert words in found[0].message
    if place:
        assert (found[0].line, found[0].column) == place


def test_the_starting_sets_pass_the_linter():
    for kind in ("detailed", "executive", "custom"):
        for section in starting_set(kind):
            assert messages(section["title"]) == messages(section["text"]) == []
    assert all(messages(str(kind.title)) == [] for kind in KINDS.values())


def test_every_described_variable_is_known():
    for name, _words, _example in variables.DESCRIBED:
        listed, _each, field = name.partition("[].")
        source = f"{{% for a in {listed} %}}{{{{ a.{field} }}}}{{% endfor %}}" if field else f"{{{{ {name} }}}}"
        assert messages(source) == [], name


HANGING = {
    "a long range": "{% for i in (1..9999999999) %}x{% endfor %}",
    "a long range reversed": "{% for i in (1..9999999999) reversed %}x{% endfor %}",
    "a range made a text": "{{ (1..9999999999) | join: ',' }}",
    "loops in loops": "{% for a in (1..900) %}{% for b in (1..900) %}{% for c in (1..900) %}{% endfor %}{% endfor %}{% endfor %}",
    "doubling": "{% assign s = 'ab' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s }}",
    "replacing": "{% assign s = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..20) %}{% assign s = s | replace: 'a', s %}{% endfor %}",
    "capturing": "{% assign s = 'ab' %}{% for i in (1..60) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}",
    "a power": "{% assign n = 9 %}{% for i in (1..900) %}{% assign n = n | times: n %}{% endfor %}{{ n }}",
    "a large exponent": "{{ '1e999999999' | plus: 1 }}{{ '1e99999999' | ceil }}",
    "places": "{{ 1 | round: 999999999 }}",
    "much output": "{% for i in (1..2000) %}" + "x" * 9_000 + "{% endfor %}",
    "many nodes": "{% for i in (1..2000) %}" + "{% if i %}{% endif %}" * 400 + "{% endfor %}",
    "unclosed values": "{{" * 5_000,
    "unclosed tags": "{%" * 5_000,
    "gaps": "{{" + " " * 9_990,
    "gaps in a tag": "{%" + " " * 4_900 + "if" + " " * 4_900,
    "a deep condition": "{% if a " + "and a " * 1_500 + "%}{% endif %}",
    "deep nesting": "{% if zone %}" * 600,
    "a deep path": "{{ a" + "[a" * 2_000 + "]" * 2_000 + " }}",
    "brackets": "{{ a" + "[" * 9_000 + " }}",
    "parentheses": "{{ " + "(" * 9_000 + " }}",
    "a chain of filters": "{{ account.name " + "| append: account.name " * 400 + "}}",
    "unfinished comments": "{% comment %}" * 700,
    "quotes": "{{ " + "\"'\"" * 3_000 + " }}",
    "splitting": "{% assign s = 'ab' %}{% for i in (1..15) %}{% assign s = s | append: s %}{% endfor %}"
                 "{% assign l = s | split: '' %}{{ l | uniq | size }}",
}  # fmt: skip


@pytest.mark.parametrize("source", HANGING.values(), ids=HANGING.keys())
def test_a_hostile_template_ends_soon(source):
    started = time.perf_counter()
    liquid.problems_of(source)
    try:
        text = written(source)
    except liquid.Unwritable:
        text = ""
    assert time.perf_counter() - started < 2
    assert len(text) <= 2 * liquid.LONGEST_VALUE


@pytest.mark.parametrize(
    "source",
    [
        "{{ account.__class__ }}",
        "{{ account.name.__class__.__mro__ }}",
        "{{ score.__init__.__globals__ }}",
        "{{ sections.append }}",
        "{{ account.keys }}",
        "{{ self }}{{ env }}{{ settings }}{{ request }}{{ now }}{{ today }}",
        "{% assign x = 'format' %}{{ account[x] }}{{ account['__class__'] }}",
    ],
)
def test_nothing_but_the_variables_can_be_read(source):
    with suppress(liquid.Unwritable):
        assert written(source) == ""


HOSTILE_NAMES = [
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "**bold** _it_ `code` ~~gone~~",
    "# Heading",
    "- item\n- item",
    "1. one",
    "> quoted",
    "a | b\n--|--\nc | d",
    "    indented",
    "```\nfence",
    "<https://evil.example>",
    "&lt;b&gt; &#60;i&#62;",
    "name\n\n# after a gap",
    "back\\slash",
    "{{ organization.name }}{% if x %}",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_stays_a_name(name):
    html = markdown.render(liquid.markdown("{{ account.name }}", {"account": {"name": name}}))
    assert "<p>" in html
    assert html.count("<") == 2  # the paragraph's own tags
    shown = html.removeprefix("<p>").removesuffix("</p>\n")
    for sign, entity in (("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        shown = shown.replace(entity, sign)
    assert " ".join(shown.replace("&amp;", "&").split()) == " ".join(name.split())


def test_what_was_captured_is_escaped_once_and_what_was_filtered_again():
    values = {"account": {"name": "*A*"}}
    once = liquid.markdown("{% capture x %}**{{ account.name }}**{% endcapture %}{{ x }}", values)
    assert markdown.render(once) == "<p><strong>*A*</strong></p>\n"
    twice = liquid.markdown("{% capture x %}<b>{{ account.name }}{% endcapture %}{{ x | upcase }}", values)
    assert "<b>" not in markdown.render(twice).lower()


def test_a_title_is_one_plain_line():
    values = {"account": {"name": "<b>A\x00 &\nB"}}
    assert liquid.line("{{ account.name }}:\n report", values) == "<b>A & B: report"
    assert len(liquid.line("x" * 900, values)) == 200


def test_a_number_is_written_plainly():
    assert (
        liquid.line("{{ score_percent }} {% if score_percent > 60 %}more{% endif %}", {"score_percent": 62.5})
        == "62.5 more"
    )
