"""Two Admins decide about the same submission at the same moment: one has decided."""

import threading

from django.db import connections

from accounts.actions import intake
from accounts.models import Account, IntakeSubmission
from tests import cast

from .intake_forms import opened, sent


def test_of_two_who_decide_at_once_one_has_decided(fresh_database):
    stored = sent(opened())
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def decide(how) -> None:
        try:
            barrier.wait(10)
            with cast.inside():
                how(cast.viewer("ada"))
            outcomes.append("done")
        except intake.AlreadyDecided:
            outcomes.append("late")
        finally:
            connections.close_all()

    ways = (
        lambda ada: intake.accept(by=ada, submission=stored, values=stored.values),
        lambda ada: intake.reject(by=ada, submission=IntakeSubmission.objects.get(pk=stored.pk), reason="x"),
    )
    threads = [threading.Thread(target=decide, args=[how]) for how in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["done", "late"]
    with cast.inside():
        made = Account.objects.filter(name="Birch & Sons, Inc.").count()
        assert made == (1 if IntakeSubmission.objects.get(pk=stored.pk).state == "accepted" else 0)
