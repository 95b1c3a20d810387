import pytest
from tests import cast
from tests.assessments import stage
pytestmark = pytest.mark.django_db
def test_smoke():
    with cast.inside("harbor"):
        run = stage.launched()
    v = cast.visitor("priya")
    for key in ("motto","story","share","edr","who","backup","since"):
        r = v.get(stage.address("client:question", run, key)); assert r.status_code == 200, r.content[:2000]
        open(f'/tmp/q_{key}.html','wb').write(r.content)
    r = v.get(stage.address("client:take", run)); assert r.status_code==302; print(r["Location"])
    r = stage.autosave(v, run, "edr", answer="most"); print(r.status_code, r.headers, r.content.decode())
    r = stage.autosave(v, run, "share", answer="abc"); print(r.status_code, r.content.decode()[:3000])
    r = stage.autosave(v, run, "edr", answer="all"); print(r.status_code, r.content.decode()[:4000])
    r = v.get(stage.address("client:review", run)); assert r.status_code==200
    r = v.post(stage.address("client:submission", run)); assert r.status_code==422
    with cast.inside("harbor"):
        done = stage.released(run=stage.launched(definition=run.definition))
    r = v.get(stage.address("client:results", done)); assert r.status_code==200; open('/tmp/results.html','wb').write(r.content)
    r = v.get(stage.address("client:submitted", done)); assert r.status_code==200
    s = cast.visitor("sam")
    r = s.get(stage.address("staff:assessment", done)); assert r.status_code==200; open('/tmp/staff.html','wb').write(r.content)
    r = s.get(stage.address("staff:assessment", run)); assert r.status_code==200
