"""Signing in the way people do."""

import re

from playwright.sync_api import Page

from portal.demo.cast import PASSWORD
from tests import cast
from tests.plugins.browser import ready


def sign_in(page: Page, portal, name: str, organization: str = "harbor") -> None:
    """This will open the organization's door, type email and password, and wait for the room behind it."""
    page.goto(portal.url("/", organization=organization))
    page.get_by_label(re.compile("^E-?mail", re.I)).fill(cast.EMAILS[name])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"^[^?]*/(portal|staff)/"))  # the door's own address names the room in its query
    ready(page)
