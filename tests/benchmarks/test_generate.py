"""A small edition of the benchmark's data: everything the pages need is there, and the floors make pages of it."""

import datetime
from collections.abc import Iterator

import psycopg
import pytest
from django.test import Client, override_settings

from accounts import tenancy
from accounts.models import OrganizationHost
from assessments.models import Assessment
from benchmarks import generate, pages
from benchmarks.floors import settings as floor_settings
from benchmarks.floors.urls import FLOORS, address_of
from portal.embedded.postgres import SUPERUSER

TODAY = datetime.date(2026, 11, 20)


@pytest.fixture
def filled(fresh_database: str, test_cluster) -> Iterator[psycopg.Connection]:
    host = str(test_cluster.cluster.socket_directory)
    with psycopg.connect(host=host, user=SUPERUSER, dbname=fresh_database) as connection:
        generate.fill(connection, generate.MINIATURE, TODAY)
        yield connection


def test_data_is_whole_and_the_floors_answer(filled: psycopg.Connection):
    sizes = generate.MINIATURE
    counted = filled.execute("SELECT count(*), count(DISTINCT organization_id) FROM assessments_assessment").fetchone()
    assert counted == (sizes.assessments * len(generate.HOSTS), len(generate.HOSTS))
    assert filled.execute("SELECT count(*) FROM assessments_result WHERE score IS NULL").fetchone() == (0,)
    facts = pages.facts(filled)
    north = OrganizationHost.objects.get(host="north.localhost").organization_id
    with (
        override_settings(ROOT_URLCONF=floor_settings.ROOT_URLCONF, MIDDLEWARE=[], TEMPLATES=floor_settings.TEMPLATES),
        tenancy.scope(north),
    ):
        assert Assessment.objects.filter(account_id=facts["account"]).count() == sizes.main_assessments
        for floor in FLOORS:
            for page in pages.PAGES:
                path = address_of(floor, page.key, facts)
                if path:
                    send = Client().post if page.fields else Client().get
                    answer = send(path, page.fields(facts) if page.fields else None)
                    assert answer.status_code == 200, path
                    assert answer.content, path
