"""The lists of assessments as staff see them through View as Client: everything is there, nothing can be done."""

import html

import pytest
from django.urls import reverse

from accounts.actions import previews
from tests import cast
from tests.assessments import stage as runs
from tests.portal.client import stage

FRAGMENT = {"HX-Request": "true"}
NOTICE = (
    "This feature is only available to client users. In preview mode, use the Create button in the sidebar to create "
    "an assessment for this account."
)


@pytest.fixture
def definition(fresh_database):
    with cast.inside("harbor"):
        return runs.publish()


def address(page: str, *ids) -> str:
    return reverse(f"client:{page}", args=[cast.account("Northwind").id, *ids])


def read(url: str, **headers: str) -> str:
    response = cast.visitor("sam").get(url, headers=headers)
    assert response.status_code == 200, response.status_code
    return html.unescape(stage.text_of(response))


def previewed(who: str = "sam", viewpoint: str = "client") -> str:
    """This will start a preview of Northwind and return the prefix of its addresses."""
    with cast.inside("harbor"):
        previews.start(by=cast.viewer(who, "Northwind"), viewpoint=viewpoint, reason="", return_to="")
    return f"/preview/{viewpoint}"


def test_in_a_preview_the_card_shows_the_notice_word_for_word(definition):
    prefix = previewed()
    for headers in ({}, FRAGMENT):
        page = read(prefix + address("available_card", definition.id), **headers)
        assert NOTICE in page
        assert "Create This Assessment for My Account" not in page
        assert "<form" not in stage.part_of(page, "dialog")


def test_in_a_preview_nothing_can_be_started_copied_or_changed(definition):
    with cast.inside("harbor"):
        run = runs.launched(definition=definition)
        stage.definition("untaken")
    prefix = previewed(viewpoint=f"user-{cast.person('priya').id}")
    assert "data-copy=" not in read(prefix + address("your_assessments"))
    library = read(prefix + address("library"))
    assert library.count("formaction=") == library.count(" disabled>Start")
    setup = read(prefix + address("edit_assessment", run.id))
    assert 'type="submit" disabled' in setup
    for url in (address("launch", definition.id), address("create_available", definition.id)):
        assert cast.visitor("sam").post(prefix + url).status_code == 403


def test_a_preview_as_a_role_shows_nobodys_own_buttons(definition):
    with cast.inside("harbor"):
        runs.launched(definition=definition)
    prefix = previewed(viewpoint="company-admin")
    assert ">View / Edit<" not in read(prefix + address("your_assessments"))


def test_links_of_a_preview_stay_in_it(definition):
    with cast.inside("harbor"):
        run = runs.launched(definition=definition)
    prefix = previewed()
    page = read(prefix + address("your_assessments"))
    assert f'href="{prefix}{address("take", run.id)}"' in page
