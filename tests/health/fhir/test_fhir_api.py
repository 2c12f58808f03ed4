"""FHIR over HTTP: the owner's own, or one record by a shared link's token; nobody else's."""

import pytest
from django.test import Client
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from moongate.accounts.consents import give_consent
from moongate.accounts.models import AuditEntry
from moongate.health.records import sharing
from tests.health.records.samples import COMPLAINT, member, row_of

pytestmark = pytest.mark.django_db
BASE = "/api/health/fhir"


@pytest.fixture
def ada():
    return member("ada")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_server_says_what_it_can_do():
    answer = Client().get(f"{BASE}/metadata")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/fhir+json")
    assert CapabilityStatement.model_validate(answer.json()).fhirVersion == "4.0.1"


def test_the_owner_finds_and_reads_their_bundles(ada):
    rows = [row_of(ada) for _ in range(3)]
    row_of(member("bea"))
    client = signed_in(ada)
    found = client.get(f"{BASE}/Bundle?_count=2").json()
    Bundle.model_validate(found)
    assert found["total"] == 3
    assert len(found["entry"]) == 2
    links = {link["relation"]: link["url"] for link in found["link"]}
    rest = client.get(links["next"]).json()
    assert [entry["resource"]["id"] for entry in rest["entry"]] == [str(rows[0].public_id)]
    one = client.get(found["entry"][0]["fullUrl"])
    assert one.json() == found["entry"][0]["resource"]
    assert COMPLAINT in one.content.decode().replace('\\"', '"')
    assert one["Cache-Control"] == "no-store"


def test_others_find_nothing_and_the_try_is_noted(ada):
    row = row_of(ada)
    address = f"{BASE}/Bundle/{row.public_id}"
    assert Client().get(address).status_code == 401
    assert Client().get(f"{BASE}/Bundle").status_code == 401
    refused = signed_in(member("bea")).get(address)
    assert refused.status_code == 404
    assert COMPLAINT not in refused.content.decode()
    assert AuditEntry.objects.filter(action="record.refused").count() == 1


def test_a_links_token_opens_its_record_and_no_other(ada):
    give_consent(ada, "health_sharing")
    row, other = row_of(ada), row_of(ada)
    issued = sharing.share(ada, row.public_id, label="clinic", days=1)
    headers = {"Authorization": f"Bearer {issued.token}"}
    answer = Client().get(f"{BASE}/Bundle/{row.public_id}", headers=headers)
    assert answer.status_code == 200
    Bundle.model_validate(answer.json())
    assert Client().get(f"{BASE}/Bundle/{other.public_id}", headers=headers).status_code == 404
    assert Client().get(f"{BASE}/Bundle", headers=headers).status_code == 401
    assert issued.share.openings.filter(what="fhir").count() == 1
    sharing.revoke_share(ada, issued.share.public_id)
    assert Client().get(f"{BASE}/Bundle/{row.public_id}", headers=headers).status_code == 404


@pytest.mark.parametrize("query", ["_count=0", "_count=21", "page=0", "_count=x"])
def test_an_impossible_page_is_refused(ada, query):
    assert signed_in(ada).get(f"{BASE}/Bundle?{query}").status_code == 422


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(ada, method):
    row = row_of(ada)
    answer = getattr(signed_in(ada), method)(f"{BASE}/Bundle/{row.public_id}")
    assert answer.status_code == 405
