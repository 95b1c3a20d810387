"""Two people, one file: one draft. On a database of its own, because everybody commits."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from accounts.models import AuditEntry
from library.models import DefinitionVersion
from tests import cast
from tests.library.exchange.test_imports import SMALL, decide, proposed_by


def test_two_at_once_make_one_draft(fresh_database):
    proposed = proposed_by("sam")
    rival = proposed_by("ada", data=SMALL | {"name": "Rival"})

    def press(who_and_import):
        try:
            return decide(*who_and_import).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(press, [("sam", proposed), ("ada", proposed), ("sam", proposed), ("ada", rival)]))
    assert all(status in (303, 409) for status in statuses)
    assert 1 <= statuses.count(303) <= 2
    with cast.inside():
        assert DefinitionVersion.objects.filter(definition__key="small").count() == 1
        assert AuditEntry.objects.filter(
            verb="definition.imported", details__file="list.csv"
        ).count() == statuses.count(303)
