"""Really at the same time: each thread has a connection of its own."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from accounts.links import LinkEnded
from accounts.models import Mail
from assessments.actions import assessments, links, respondents
from assessments.actions.assessments import WrongStatus
from assessments.actions.respondents import Person
from assessments.models import Assessment, Attempt, Mode, Respondent, RespondentLink, Status
from assessments.people import attempts, link_state
from tests import cast
from tests.assessments import stage


def at_once(count: int, job) -> list:
    """This will run the job in threads that start together, inside Harbor IT, and return what each returned or raised."""
    begin, results = threading.Barrier(count), [None] * count

    def work(at: int) -> None:
        try:
            begin.wait(60)
            with cast.inside("harbor") as harbor:
                results[at] = job(harbor)
        except Exception as error:
            results[at] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(at,)) for at in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


@pytest.mark.parametrize("uses", [1, 3])
def test_50_starts_at_once_let_in_as_many_as_there_are_uses(fresh_database, uses: int):
    with cast.inside("harbor"):
        link, token = links.share(by=cast.viewer("sam", "Northwind"), run=stage.launched(), most_uses=uses)
    results = at_once(50, lambda harbor: links.start(organization=harbor, token=token, name="Ann"))
    let_in = [one for one in results if not isinstance(one, Exception)]
    assert len(let_in) == uses, results
    assert all(isinstance(one, LinkEnded) for one in results if isinstance(one, Exception))
    with cast.inside("harbor"):
        assert RespondentLink.objects.get(pk=link.pk).uses == uses
        assert Respondent.objects.filter(through=link).count() == uses


def test_20_links_made_at_once_leave_one_that_works(fresh_database):
    with cast.inside("harbor"):
        sam, run = cast.viewer("sam", "Northwind"), stage.launched()
        [ann] = respondents.add(by=sam, run=run, people=[Person("Ann", "ann@example.com")])
        ann.assessment = run
    results = at_once(20, lambda harbor: links.issue(by=sam, respondent=ann))
    assert not [one for one in results if isinstance(one, Exception)]
    with cast.inside("harbor"):
        assert RespondentLink.objects.filter(respondent=ann).usable().count() == 1


def test_ten_at_once_ask_the_same_people_once(fresh_database):
    with cast.inside("harbor"):
        sam, run = cast.viewer("sam", "Northwind"), stage.launched()
    people = [Person("Ann", "ann@example.com"), Person("Bob", "bob@example.com")]

    def job(harbor) -> None:
        respondents.invite(by=sam, respondents=respondents.add(by=sam, run=run, people=people))

    assert at_once(10, job) == [None] * 10
    with cast.inside("harbor"):
        assert Respondent.objects.filter(assessment=run, user=None).count() == 2
        assert Mail.objects.filter(kind=respondents.INVITATION).count() == 2


def test_50_submits_of_one_guest_at_once_hand_in_once(fresh_database):
    with cast.inside("harbor") as harbor:
        sam, run = cast.viewer("sam", "Northwind"), stage.launched()
        Assessment.objects.filter(pk=run.pk).update(mode=Mode.INDEPENDENT)
        run = Assessment.objects.select_related("account", "version").get(pk=run.pk)
        _link, token = links.share(by=sam, run=run)
        link, ann = links.start(organization=harbor, token=token, name="Ann")
        guest = link_state.viewer_through(link, ann)
        for key, raw in {"edr": "all", "backup": "yes", "tested": "5"}.items():
            stage.say(guest, run, key, raw)
    results = at_once(50, lambda harbor: assessments.submit(by=guest, assessment=run))
    handed_in = [one for one in results if not isinstance(one, Exception)]
    assert len(handed_in) == 1, results
    assert all(isinstance(one, WrongStatus) for one in results if isinstance(one, Exception))
    with cast.inside("harbor"):
        assert Respondent.objects.get(pk=ann.pk).submitted_at
        # Priya, who launched it, is still to answer.
        assert Assessment.objects.get(pk=run.pk).status == Status.IN_PROGRESS


def test_no_attempt_is_overlooked_however_many_come_at_once(fresh_database):
    limit = attempts.Limit("test", 10, timedelta(minutes=1))
    assert at_once(40, lambda harbor: attempts.note(harbor, limit, "somebody")) == [None] * 40
    with cast.inside("harbor"):
        assert Attempt.objects.get().count == 40
