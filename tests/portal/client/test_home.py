import pytest
from tests import cast
pytestmark = pytest.mark.django_db

@pytest.mark.parametrize("path", ["", "library/", "assessments/", "assessments/available/"])
def test_opens(path):
    with cast.inside("harbor"):
        a = cast.account("Northwind")
    r = cast.visitor("priya").get(f"/portal/{a.id}/{path}")
    assert r.status_code == 200
    open(f"/tmp/out_{path.replace('/','_')}.html","w").write(r.content.decode())
