import uuid

from django.urls import get_script_prefix, reverse, set_script_prefix

from portal.web import addresses

ACCOUNT, RUN = uuid.UUID(int=1), uuid.UUID(int=2)


def test_the_address_of_a_row_is_that_of_its_page():
    assert addresses.of_each("client:take", ACCOUNT)(RUN) == reverse("client:take", args=[ACCOUNT, RUN])


def test_a_preview_stays_a_preview():
    before = get_script_prefix()
    set_script_prefix("/preview/client/")
    try:
        assert addresses.of_each("client:take", ACCOUNT)(RUN).startswith("/preview/client/portal/")
    finally:
        set_script_prefix(before)
