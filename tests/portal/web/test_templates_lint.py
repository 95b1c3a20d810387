"""What no template may contain: whatever the content security policy forbids, or a reader could not use.

The mails under templates/mail are read by mail programs, which have rules of their own.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3] / "templates"
TEMPLATES = sorted(path for path in ROOT.rglob("*.html") if "mail" not in path.relative_to(ROOT).parts[:1])

COMMENTS = re.compile(
    r"{#.*?#}|{% comment .*?%}.*?{% endcomment %}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.DOTALL
)
TAG = re.compile(r"<[a-z][\w-]*(?:{%.*?%}|{{.*?}}|[^>])*>", re.DOTALL)

FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*="),
    "a <style> element": re.compile(r"<style[\s>]"),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>"),
    "an on… handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*="),
    "hx-on": re.compile(r"hx-on[:-]"),
    "a javascript value": re.compile(r"\b(?:js|javascript):"),
    "a trigger filter": re.compile(r"""hx-trigger=(?:"[^"]*\[|'[^']*\[)"""),
    "|safe": re.compile(r"\|\s*safe(?:seq)?\b"),
    "autoescape off": re.compile(r"{%\s*autoescape\s+off"),
    "something of another host": re.compile(r"""(?:src|href|action|hx-\w+)=["'](?:https?:)?//"""),
    "a data: address": re.compile(r"""(?:src|href)=["']data:"""),
}


@cache
def source(path: Path) -> str:
    """This will be a template without its comments."""
    return COMMENTS.sub("", path.read_text("utf-8"))


@cache
def mentions(path: Path) -> frozenset[Path]:
    """This will be the templates a template includes or extends by name."""
    names = re.findall(r"""{%\s*(?:include|extends)\s+["']([^"'#]+)""", source(path))
    return frozenset(ROOT / name for name in names if (ROOT / name).is_file())


@cache
def family(path: Path) -> frozenset[Path]:
    """This will be all templates that may stand on one page with this one: what it draws in, and what draws it in."""
    below, above = {path}, {path}
    while more := {name for known in below for name in mentions(known)} - below:
        below |= more
    if not path.name.startswith("_"):
        return frozenset(below)
    while more := {name for name in TEMPLATES if mentions(name) & above} - above:
        above |= more
    return frozenset(below.union(*(mentions(name) for name in above), above))


def ids(path: Path) -> set[str]:
    """This will be the ids written in a template or in what may stand beside it."""
    return {found for name in family(path) for found in re.findall(r"""\sid=["']([\w-]+)["']""", source(name))}


def partials(path: Path) -> set[str]:
    return {found for name in family(path) for found in re.findall(r"{%\s*partialdef\s+([\w-]+)", source(name))}


def tags(path: Path, name: str) -> list[str]:
    return [tag for tag in TAG.findall(source(path)) if re.match(rf"<{name}[\s>]", tag)]


def targets(path: Path) -> set[str]:
    return set(re.findall(r"""hx-target=["']#([\w-]+)["']""", source(path)))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def offenders(find: Callable[[Path], Iterable[str]]) -> dict[str, list[str]]:
    """This will map each template to what a rule finds in it, leaving out those where it finds nothing."""
    return {relative(path): found for path in TEMPLATES if (found := sorted(find(path)))}


def test_nothing_the_policy_forbids() -> None:
    assert not offenders(lambda path: (name for name, pattern in FORBIDDEN.items() if pattern.search(source(path))))


def test_every_button_says_what_it_does() -> None:
    assert not offenders(lambda path: (tag for tag in tags(path, "button") if not re.search(r"\stype=", tag)))


def test_every_picture_has_a_text() -> None:
    assert not offenders(lambda path: (tag for tag in tags(path, "img") if not re.search(r"\salt=", tag)))


def test_every_post_form_carries_the_token() -> None:
    carried = ("{% csrf_token %}", "components/question_start.html", "{% slot body %}")

    def bare(path: Path) -> Iterable[str]:
        for form in re.findall(r"<form\b(.*?)</form>", source(path), re.DOTALL):
            posts = re.search(r"""method=["']post|hx-(?:post|put|patch|delete)=""", form)
            if posts and not any(token in form for token in carried):
                yield form[:200]

    assert not offenders(bare)


def test_every_target_is_on_the_page() -> None:
    def missing(path: Path) -> Iterable[str]:
        named = set(re.findall(r"""{%\s*(?:include|pagination)\b[^%]*\btarget=["']([\w-]+)["']""", source(path)))
        return (targets(path) | named) - ids(path)

    assert not offenders(missing)


def test_a_partial_and_the_id_it_fills_have_one_name() -> None:
    def unequal(path: Path) -> Iterable[str]:
        own = re.search(r"{%\s*partialdef\s", source(path))
        # hx-select takes its part out of whatever comes, so that one needs no partial of its own.
        selected = set(re.findall(r"""hx-select=["']#([\w-]+)["']""", source(path)))
        return targets(path) - partials(path) - selected - {"modal"} if own else ()

    assert not offenders(unequal)


def test_every_htmx_request_works_without_javascript() -> None:
    # A link keeps its href, a form its action; anything else could not be followed at all. What only keeps a page
    # fresh by itself may stand anywhere: without JavaScript one reloads.
    def lost(path: Path) -> Iterable[str]:
        for tag in TAG.findall(source(path)):
            if re.search(r"\shx-(?:get|post|put|patch|delete)=", tag) and 'hx-trigger="every ' not in tag:
                followed = re.search(r"\s(?:href|action|formaction)=", tag)
                if not (re.match(r"<(?:a|form|button)\b", tag) and followed):
                    yield tag

    assert not offenders(lost)


def test_the_rules_find_what_they_look_for() -> None:
    bad = {
        "a style attribute": '<p style="x">',
        "a <style> element": "<style>",
        "an inline script": "<script>1</script>",
        "an on… handler": '<a onclick="x">',
        "hx-on": '<a hx-on:click="x">',
        "a javascript value": 'hx-vals="js:{}"',
        "a trigger filter": 'hx-trigger="keyup[key==1]"',
        "|safe": "{{ x | safe }}",
        "autoescape off": "{% autoescape off %}",
        "something of another host": '<img src="//elsewhere/x.png">',
        "a data: address": '<img src="data:x">',
    }
    assert bad.keys() == FORBIDDEN.keys()
    assert [name for name, text in bad.items() if not FORBIDDEN[name].search(text)] == []
    good = """<a class="on" data-on="1" href="/x"> <script src="/x.js"></script> {{ x|default:"safe" }}
        <form hx-trigger="input changed delay:250ms from:#q"> <a href="mailto:x@y.example"> <use href="#x"/>"""
    assert not [name for name, pattern in FORBIDDEN.items() if pattern.search(good)]
