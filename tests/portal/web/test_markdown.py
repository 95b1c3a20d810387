from html.parser import HTMLParser

import pytest

from portal.web import markdown
from portal.web.markdown import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Bold** and *thin*", "<p><strong>Bold</strong> and <em>thin</em></p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("# Title", "<h3>Title</h3>"),
        ("##### Deep", "<h6>Deep</h6>"),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>"),
    ],
)
def test_plain_markdown(text: str, html: str):
    assert render(text).strip() == html


def test_links_lead_out_and_tell_nothing():
    assert 'rel="noopener noreferrer nofollow"' in render("[there](https://example.org)")
    assert 'href="mailto:a@example.org"' in render("[write](mailto:a@example.org)")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://example.org/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hello)",
        "[x](vbscript:hello)",
        '<a hx-get="/x" data-hx-get="/x">x</a>',
        '<p style="color:red" class="btn" id="main">x</p>',
        '[x](<https://example.org/" onclick="alert(1)>)',
    ],
)
def test_nothing_harmful_gets_through(text: str):
    for tag, attributes in tags_of(str(render(text))):
        assert tag in markdown.TAGS
        assert set(attributes) <= {"href", "title", "rel", "start"}
        assert attributes.get("href", "https:").startswith(("https:", "http:", "mailto:"))


def tags_of(html: str) -> list[tuple[str, dict]]:
    """This will read the tags as a browser would: (name, attributes)."""
    found: list[tuple[str, dict]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(html)
    return found
