import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import account, visitor, inside
from library.models import Definition
pytestmark = pytest.mark.django_db
def test_it():
    north = account("Northwind")
    c = visitor("sam")
    with inside():
        d = Definition.objects.first()
    for p in ["/staff/", "/staff/accounts/", "/staff/library/", f"/staff/library/{d.id}/"]+[f"/staff/accounts/{north.id}/" + p for p in ["", "assessments/","assessments/new/","people/"]]:
        c.get(p)
        with CaptureQueriesContext(connection) as q:
            c.get(p)
        print("=====", p, len([x for x in q if x["sql"].startswith("SELECT")]))
        for x in q: print("   ", x["sql"][:150].replace("\n"," "))
