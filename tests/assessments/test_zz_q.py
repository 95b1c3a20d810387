import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import cast
from tests.assessments import stage
pytestmark = pytest.mark.django_db
def show(label, f):
    with CaptureQueriesContext(connection) as c: r=f()
    print("=====",label,r.status_code,len(c))
    for q in c.captured_queries: print("   ",q["sql"][:170].replace("\n"," "))
def test_q():
    with cast.inside("harbor"):
        run = stage.launched(); done=stage.released(run=stage.launched(definition=run.definition)); stage.released(run=stage.launched(definition=run.definition))
        cast.viewer("marcus","Northwind")
        stage.say(cast.viewer("marcus","Northwind"), run, "motto", "x")
    v = cast.visitor("priya"); v.get(stage.address("client:question", run, "edr"))
    show("GET", lambda: v.get(stage.address("client:question", run, "edr")))
    show("SAVE", lambda: stage.autosave(v, run, "edr", answer="most"))
    show("SAVE2", lambda: stage.autosave(v, run, "edr", answer="all", revision=1))
    show("NEXT", lambda: v.post(stage.address("client:question", run, "edr"), {"answer":"none","revision":2}))
    show("REVIEW", lambda: v.get(stage.address("client:review", run)))
    show("RESULTS", lambda: v.get(stage.address("client:results", done)))
    s=cast.visitor("sam"); s.get(stage.address("staff:assessment", done))
    show("STAFF", lambda: s.get(stage.address("staff:assessment", done)))
