"""/healthz says the process lives; /readyz says it can serve."""

import pytest
from django.db import OperationalError, connection

from moongate.site import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def not_asked_yet(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)


def test_a_sound_house_is_alive_and_ready(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


def test_a_house_without_its_database_is_alive_but_not_ready(client, monkeypatch):
    def fail(*_args):
        raise OperationalError("no route to db at 10.0.0.1 with password x")

    monkeypatch.setattr(connection, "cursor", fail)
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reason"] == "the database does not answer"


def test_a_house_with_old_tables_is_not_ready(client, monkeypatch):
    plan = "django.db.migrations.executor.MigrationExecutor.migration_plan"
    monkeypatch.setattr(plan, lambda *_args: ["one", "two"])
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reason"] == "2 migrations are not applied"
