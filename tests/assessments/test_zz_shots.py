"""Take pictures of the pages."""
import pytest
from accounts import tenancy
from tests import cast
from tests.assessments import stage
from assessments.actions import assessments, answers
from library.models import Definition
from library.versions import document_of
from portal.demo import content
import random

SIZES = {"d": {"width":1440,"height":900}, "m": {"width":390,"height":844}}

def signin(page, live, who):
    c = cast.visitor(who)
    cookie = c.cookies["sessionid"].value
    page.context.add_cookies([{"name":"sessionid","value":cookie,"url":live.url("/")}])

def shot(new_page, live, who, path, name, schemes=("light",), full=False, act=None):
    for size in SIZES:
        for scheme in schemes:
            page = new_page(viewport=SIZES[size], color_scheme=scheme, device_scale_factor=1)
            signin(page, live, who)
            page.goto(live.url(path)); page.wait_for_load_state("networkidle")
            if act: act(page)
            page.screenshot(path=f"/tmp/shots_take/{name}-{size}-{scheme}.png", full_page=full)

def test_shots(live_portal, new_page, browser_errors):
    with cast.inside("harbor"):
        priya=cast.viewer("priya","Northwind"); marcus=cast.viewer("marcus","Northwind"); sam=cast.viewer("sam","Northwind")
        d=Definition.objects.get(key="business-resilience")
        doc=document_of(d.published_version)
        run=assessments.launch(by=priya, definition=d, another=True)
        content._answer(marcus, run, doc, random.Random(3), 0.1, .6)
        content._answer(priya, run, doc, random.Random(3), 0.4, .6)
        kinds=stage.launched()
        stage.say(priya,kinds,"edr","most", comment="The servers follow in May.")
        runs=[]
        for seed,skill in ((1,.4),(2,.5),(3,.68)):
            r=assessments.launch(by=priya, definition=d, another=True)
            content._answer(marcus, r, doc, random.Random(seed), .5, skill)
            content._answer(priya, r, doc, random.Random(seed), 1.0, skill)
            r=assessments.submit(by=priya, assessment=r)
            if seed<3: r=assessments.release(by=sam, assessment=r)
            content._backdate(r, 100-seed*20); r.refresh_from_db()
            runs.append(r)
        rel=runs[1]; rev=runs[2]
        from pathlib import Path
        from library import exchange
        samm_d=stage.publish(exchange.load(Path("/work/shared/data/owasp-samm")).to_data())
        s=assessments.launch(by=priya, definition=samm_d); sdoc=document_of(samm_d.published_version)
        content._answer(priya, s, sdoc, random.Random(5), 1.0, .5)
        s=assessments.submit(by=priya, assessment=s); s=assessments.release(by=sam, assessment=s)
    qs=doc.questions()
    single=next(q for q in qs if q.type=="single_choice" and q.key in run.progress or q.type=="single_choice")
    next_key=None
    with cast.inside("harbor"):
        run.refresh_from_db()
        rel.refresh_from_db(); rev.refresh_from_db(); s.refresh_from_db()
    A=stage.address
    import os; os.makedirs("/tmp/shots_take",exist_ok=True)
    shot(new_page, live_portal, "priya", A("client:question", run, run.progress["next"]), "question", ("light","dark"))
    for k in ("motto","story","share","edr","who","backup","since"):
        shot(new_page, live_portal, "priya", A("client:question", kinds, k), f"kind-{k}", full=True)
    shot(new_page, live_portal, "priya", A("client:review", run), "review", full=True)
    shot(new_page, live_portal, "priya", A("client:submitted", rev), "submitted")
    shot(new_page, live_portal, "priya", A("client:results", rel), "results", ("light","dark"), full=True)
    shot(new_page, live_portal, "priya", A("client:results", s), "samm", full=True)
    shot(new_page, live_portal, "sam", A("staff:assessment", run), "staff-open", full=True)
    shot(new_page, live_portal, "sam", A("staff:assessment", rev), "staff-review", ("light","dark"), full=True)
