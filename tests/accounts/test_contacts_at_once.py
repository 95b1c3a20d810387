"""Many change an account's contacts at the same moment: there is one primary contact, and one contact for each login."""

import threading
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import connections

from accounts.actions import contacts
from accounts.models import Contact
from tests import cast


def at_once(jobs: list[Callable[[], None]]) -> list[Exception]:
    """This will run each job in a thread of its own, and return what they raised."""
    raised: list[Exception] = []

    def run(job: Callable[[], None]) -> None:
        try:
            with cast.inside("harbor"):
                job()
        except Exception as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_of_twenty_who_choose_a_primary_contact_one_choice_stands(fresh_database: str):
    with cast.inside():
        northwind, people = cast.account("Northwind"), list(Contact.objects.select_related("account"))
        here = [one for one in people if one.account_id == northwind.id]
    chosen = [here[number % len(here)] for number in range(20)]
    jobs = [lambda one=one: contacts.make_primary(by=cast.viewer("sam", "Northwind"), contact=one) for one in chosen]
    assert at_once(jobs) == []
    with cast.inside():
        assert Contact.objects.filter(account=northwind, is_primary=True).count() == 1


def test_of_ten_who_add_the_same_login_one_does(fresh_database: str):
    with cast.inside():
        northwind = cast.account("Northwind")
        Contact.objects.filter(account=northwind, name="Dora Osei").delete()

    def add() -> None:
        contacts.add(
            by=cast.viewer("sam", "Northwind"), account=northwind, name="Dora", email="dora@northwind.example",
            is_primary=True,
        )  # fmt: skip

    refused = at_once([add] * 10)
    assert len(refused) == 9
    assert all(isinstance(error, ValidationError) for error in refused)
    with cast.inside():
        assert Contact.objects.filter(account=northwind, user=cast.person("dora")).count() == 1
        assert Contact.objects.filter(account=northwind, is_primary=True).count() == 1
