import pytest
from tests.cast import account, visitor, inside
from library.models import Definition

pytestmark = pytest.mark.django_db


def test_it():
    north = account("Northwind")
    c = visitor("ada")
    with inside():
        d = Definition.objects.first()
    for p in ["/staff/", f"/staff/library/{d.id}/", "/staff/library/import/"] + [
        f"/staff/accounts/{north.id}/" + p for p in ["", "assessments/", "assessments/new/", "people/new/", "preview/"]
    ]:
        print(p, c.get(p).status_code)
