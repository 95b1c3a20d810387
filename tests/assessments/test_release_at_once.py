"""Many release the same run at the same moment: it is released once."""

import threading

from django.db import connections

from accounts.models import AuditEntry, Mail
from assessments.actions import assessments
from tests import cast
from tests.assessments import stage


def test_fifty_releases_at_once_release_once(fresh_database):
    with cast.inside("harbor"):
        run = stage.submitted()
    outcomes: list[str] = []

    def release() -> None:
        try:
            with cast.inside("harbor"):
                assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
            outcomes.append("released")
        except assessments.WrongStatus:
            outcomes.append("too late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=release) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(outcomes)) == ["released", "too late"]
    assert (len(outcomes), outcomes.count("released")) == (50, 1)
    with cast.inside("harbor"):
        assert AuditEntry.objects.filter(verb="assessment.released", object_id=run.pk).count() == 1
        told = Mail.objects.filter(kind="assessments.released", about=run.pk)
        # One that goes to everybody, and one for each of them.
        assert told.filter(to_email="").count() == 1
        addresses = list(told.exclude(to_email="").values_list("to_email", flat=True))
        assert len(addresses) == len(set(addresses)) > 0
