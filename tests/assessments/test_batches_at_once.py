"""Two at the same moment: one batch, one run of a campaign, one invitation for each person."""

import datetime
import threading
from collections.abc import Callable

from django.db import connections
from django.utils import timezone

from accounts.models import Mail
from assessments.actions import batches, campaigns
from assessments.batching import batch_plan
from assessments.batching.batch_input import Row
from assessments.batching.batch_plan import Setup
from assessments.models import Assessment, Batch, BatchDraft, Campaign, Respondent
from library.models import Definition
from tests import cast
from tests.assessments import stage


def at_once(count: int, job: Callable[[], object]) -> list:
    """This will do a job several times at the same moment, each in a transaction of its own."""
    begin, results = threading.Barrier(count), [None] * count

    def work(place: int) -> None:
        try:
            with cast.inside():
                begin.wait(10)
                results[place] = job()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def drafted(count: int) -> BatchDraft:
    setup = Setup(definition=str(Definition.objects.get(key="vendor-risk").pk), name="Spring check")
    rows = [Row(number, "", f"person{number}@example.com") for number in range(1, count + 1)]
    by = cast.viewer("sam", "Northwind")
    return batches.keep(by=by, account=cast.account("Northwind"), setup=setup, rows=rows)


def test_five_clicks_at_once_are_one_batch(fresh_database):
    with cast.inside():
        draft = drafted(5)
        seen = batch_plan.plan(cast.viewer("sam"), draft).token
    made = at_once(5, lambda: batches.create(by=cast.viewer("sam"), draft=draft, seen=seen))
    with cast.inside():
        assert {batch.pk for batch in made} == {Batch.objects.get(name="Spring check").pk}
        assert Assessment.objects.filter(batch__isnull=False).count() == 1


def test_three_workers_at_once_invite_nobody_twice(fresh_database):
    with cast.inside():
        draft, by = drafted(120), cast.viewer("sam")
        batch = batches.create(by=by, draft=draft, seen=batch_plan.plan(by, draft).token)
    with cast.inside():
        # The job ran when the batch was made: as though its worker had been killed before the first of them.
        people = Respondent.objects.filter(assessment__batch=batch)
        Mail.objects.filter(about__in=people).delete()
        people.update(invited_at=None)
        BatchDraft.objects.filter(batch=batch).update(handed_over_at=None)

    invited = []
    for _round in range(2):
        invited += at_once(3, lambda: batches.invite_some(by=cast.viewer("sam"), batch=batch))
    assert sum(invited) == 120
    with cast.inside():
        people = Respondent.objects.filter(assessment__batch=batch)
        assert Mail.objects.filter(about__in=people.values("pk")).count() == 120
        assert people.filter(invited_at=None).count() == 0


def test_four_workers_at_once_start_one_run_of_a_campaign(fresh_database):
    with cast.inside():
        run = stage.launched()
        campaign = campaigns.begin(by=cast.viewer("sam", "Northwind"), run=run, every_months=3)
        Campaign.objects.update(next_on=timezone.localdate() - datetime.timedelta(days=1))

    def start() -> Assessment | None:
        mine = Campaign.objects.select_related("account", "definition").get(pk=campaign.pk)
        # Everybody has read the row as it was before anybody moves it on.
        gate.wait(10)
        return campaigns.start(by=cast.system(), campaign=mine, now=timezone.now())

    gate = threading.Barrier(4)
    made = at_once(4, start)
    assert sum(one is not None for one in made) == 1
    with cast.inside():
        assert Assessment.objects.filter(campaign=campaign).count() == 2


def test_five_clicks_at_once_let_a_run_come_back_once(fresh_database):
    with cast.inside():
        run = stage.launched()

    def begin() -> str:
        try:
            campaigns.begin(by=cast.viewer("sam", "Northwind"), run=run, every_months=3)
        except campaigns.IsRepeated:
            return "repeated"
        return "begun"

    assert sorted(at_once(5, begin)) == ["begun", *["repeated"] * 4]
    with cast.inside():
        assert Campaign.objects.filter(definition=run.definition_id).count() == 1
