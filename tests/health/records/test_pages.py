"""Every page of health records, for everybody who might come to its address."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from moongate.accounts.consents import give_consent, withdraw_consent
from moongate.accounts.guests import SESSION_KEY, make_guest
from moongate.accounts.models import AuditEntry
from moongate.health.models import Assessment, Profile, Share
from moongate.health.records import profiles, shared_urls, sharing
from moongate.health.records import urls as record_urls
from moongate.health.records.purposes import GUARDIAN
from tests.health.records.samples import COMPLAINT, changed, member, row_of

pytestmark = pytest.mark.django_db

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
WHO = ("owner", "stranger", "guardian", "guest", "anonymous", "link holder")
# For each address: how it is called, and what each of WHO gets. A guest or a stranger to the house
# is asked to sign in before anything is looked up; another account never learns that a thing exists.
HIDDEN = {"owner": 200, "stranger": 404, "guardian": 404, "guest": 302, "anonymous": 302,
          "link holder": 302}  # fmt: skip
DONE = {**HIDDEN, "owner": 302}
OWN = {"owner": 200, "stranger": 200, "guardian": 200, "guest": 302, "anonymous": 302,
       "link holder": 302}  # fmt: skip
OWN_DONE = dict.fromkeys(WHO, 302)
OPEN = dict.fromkeys(WHO, 200)
MATRIX = {
    ("records", "GET"): OWN,
    ("people", "GET"): OWN,
    ("people", "POST"): {**OWN, "owner": 422, "stranger": 422, "guardian": 422},
    ("consent", "POST"): OWN_DONE,
    ("compare", "GET"): HIDDEN,
    ("record", "GET"): HIDDEN,
    ("record_pdf", "GET"): HIDDEN,
    ("record_fhir", "GET"): HIDDEN,
    ("share", "POST"): HIDDEN,
    ("delete", "GET"): HIDDEN,
    ("delete", "POST"): DONE,
    ("revoke", "POST"): DONE,
    # Somebody in the care of the guardian: not even the owner of the other records may end that.
    ("remove_person", "POST"): {**HIDDEN, "owner": 404, "guardian": 302},
    ("shared", "GET"): OPEN,
    ("shared", "POST"): OPEN,
    ("shared_pdf", "POST"): OPEN,
    ("shared_fhir", "POST"): OPEN,
}


class House:
    """An owner with a record and a link to it, a guardian with a child's, and who else there is."""

    def __init__(self) -> None:
        self.owner, self.stranger = member("owner"), member("stranger")
        self.guardian = member("guardian")
        self.profile = profiles.add_profile(
            self.guardian, name="Kim", relation="child", consent_version=GUARDIAN.version
        )
        self.row = row_of(self.owner)
        self.second = row_of(self.owner, changed(level="gp"))
        self.childs = row_of(self.guardian, profile=self.profile)
        give_consent(self.owner, "health_sharing")
        self.issued = sharing.share(self.owner, self.row.public_id, label="Dr Who", days=7)

    def client(self, who: str) -> Client:
        client = Client()
        if who in {"owner", "stranger", "guardian"}:
            client.force_login(getattr(self, who))
        if who == "guest":
            session = client.session
            session[SESSION_KEY] = str(make_guest(language="en").public_id)
            session.save()
        if who == "link holder":
            assert (
                client.post(reverse("health:shared", args=[self.issued.token])).status_code == 200
            )
        return client

    def address(self, name: str) -> str:
        arguments = {
            "revoke": self.issued.share.public_id,
            "remove_person": self.profile.public_id,
            "consent": "health_research",
            **dict.fromkeys(("shared", "shared_pdf", "shared_fhir"), self.issued.token),
            **dict.fromkeys(("records", "people", "compare"), None),
        }
        argument = arguments.get(name, self.row.public_id)
        address = reverse(f"health:{name}", args=[argument] if argument else [])
        if name == "compare":
            address += f"?record={self.row.public_id}&record={self.second.public_id}"
        return address


@pytest.fixture
def house():
    return House()


def test_the_matrix_names_every_address():
    named = {name for name, _method in MATRIX}
    patterns = [*record_urls.urlpatterns, *shared_urls.urlpatterns]
    assert all(isinstance(pattern, URLPattern) for pattern in patterns)
    assert {pattern.name for pattern in patterns} == named


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("name", "method"), MATRIX, ids=lambda part: str(part))
def test_who_gets_what(house, name, method, who):
    client = house.client(who)
    before = Assessment.objects.count(), Share.objects.filter(revoked=None).count()
    given = {"version": "1", "days": "7", "label": "x"}
    response = client.generic(
        method, house.address(name), *(() if method == "GET" else _form(given))
    )
    expected = MATRIX[name, method][who]
    assert (response.status_code, who) == (expected, who)
    body = response.content
    if expected == 302 and who in {"guest", "anonymous", "link holder"}:
        assert response["Location"].startswith(reverse("account_login"))
    if expected in {302, 404}:
        for said in (COMPLAINT, "Emergency", "Infarct", "Kim", "Dr Who"):
            assert said.encode() not in body
    if expected == 404 or (expected == 302 and who not in {"owner", "guardian", "stranger"}):
        assert (Assessment.objects.count(), Share.objects.filter(revoked=None).count()) == before
    assert "no-store" in response["Cache-Control"]
    if name.startswith("shared") or expected == 200:
        assert response["Referrer-Policy"] == "same-origin"
        assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize(
    "name", [name for (name, method) in MATRIX if MATRIX[name, method]["stranger"] == 404]
)
def test_a_thing_of_somebody_else_looks_like_a_thing_that_never_was(house, name):
    client = house.client("stranger")
    method = "POST" if (name, "POST") in MATRIX else "GET"
    theirs = house.address(name)
    nobodys = theirs
    for row in (house.row, house.second, house.issued.share, house.profile):
        nobodys = nobodys.replace(str(row.public_id), str(uuid4()))
    assert theirs != nobodys
    form = _form({"days": "7"}) if method == "POST" else ()
    answers = [client.generic(method, address, *form) for address in (theirs, nobodys)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert _bare(answers[0]) == _bare(answers[1])


def test_a_try_at_somebody_elses_record_is_in_the_audit_log_once_an_hour(house):
    client = house.client("stranger")
    address = house.address("record")
    assert not AuditEntry.objects.filter(action="record.refused").exists()
    for _ in range(3):
        assert client.get(address).status_code == 404
    entry = AuditEntry.objects.get(action="record.refused")
    assert entry.subject == f"assessment:{house.row.public_id}"
    assert entry.actor == str(house.stranger.audit_alias.alias)
    cache.clear()
    client.post(reverse("health:revoke", args=[house.issued.share.public_id]))
    assert AuditEntry.objects.filter(action="record.refused").count() == 2


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_complaint_with_markup_is_only_text(house, language):
    client = house.client("owner")
    other = Client()
    client.cookies["django_language"] = other.cookies["django_language"] = language
    pages = [
        client.get(house.address("record")),
        other.post(house.address("shared")),
        client.get(house.address("compare")),
        client.get(house.address("records")),
    ]
    assert [page.status_code for page in pages] == [200] * 4
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in pages[0].content
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in pages[1].content
    for page in pages:
        assert b"<script>alert" not in page.content
    level = "Emergency: get help now" if language == "en" else "紧急：请立即求助"
    assert level in pages[0].content.decode()
    doctor = "no doctor" if language == "en" else "不是医生"
    assert all(doctor in page.content.decode() for page in pages)


def test_the_link_is_told_once_and_only_its_hash_is_kept(house):
    client = house.client("owner")
    answer = client.post(house.address("share"), {"label": "Dr Lee", "days": "1"})
    token = answer.context["issued"].token
    assert f"/health/shared/{token}/" in answer.content.decode()
    assert token not in client.get(house.address("record")).content.decode()
    row = answer.context["issued"].share
    assert token not in str(Share.objects.filter(pk=row.pk).values().get())
    assert b"Lee" not in bytes(row.sealed_label)


def test_opening_a_link_shows_nothing_until_asked_and_is_told_to_the_owner(house):
    stranger = Client()
    door = stranger.get(house.address("shared"))
    assert COMPLAINT not in door.content.decode()
    assert b"Emergency" not in door.content
    assert house.issued.share.openings.count() == 0
    assert b"Emergency" in stranger.post(house.address("shared")).content
    stranger.post(house.address("shared_pdf"))
    opened = [opening.what for opening in house.issued.share.openings.all()]
    assert opened == ["pdf", "page"]
    page = house.client("owner").get(house.address("record")).content.decode()
    assert "opened 2 times" in page
    assert "as PDF" in page


def test_a_link_shuts_when_revoked_expired_or_no_longer_agreed_to(house):
    address = house.address("shared")

    def opens() -> bool:
        statuses = {Client().get(address).status_code, Client().post(address).status_code}
        assert len(statuses) == 1
        return statuses == {200}

    assert opens()
    withdraw_consent(house.owner, "health_sharing")
    assert not opens()
    give_consent(house.owner, "health_sharing")
    assert opens()
    Share.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert not opens()
    Share.objects.update(expires=timezone.now() + timedelta(days=1))
    assert opens()
    house.client("owner").post(house.address("revoke"))
    assert not opens()
    assert "This link opens nothing" in Client().get(address).content.decode()


def test_a_link_shuts_with_its_owners_account_and_with_the_record(house):
    house.owner.is_active = False
    house.owner.save()
    assert Client().post(house.address("shared")).status_code == 404
    house.owner.is_active = True
    house.owner.save()
    house.client("owner").post(house.address("delete"))
    assert Client().post(house.address("shared")).status_code == 404
    assert not Share.objects.exists()


def test_a_link_opened_too_often_asks_to_wait(house):
    client = Client()
    statuses = [client.post(house.address("shared")).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    assert int(client.post(house.address("shared"))["Retry-After"]) > 0


def test_sharing_needs_its_own_consent(house):
    client = house.client("guardian")
    address = reverse("health:share", args=[house.childs.public_id])
    answer = client.post(address, {"days": "7"})
    assert answer.status_code == 403
    assert "You have not agreed to show assessments by a link." in answer.content.decode()


@pytest.mark.parametrize("days", ["0", "31", "x", ""])
def test_a_link_for_impossible_days_is_refused_at_the_field(house, days):
    answer = house.client("owner").post(house.address("share"), {"days": days})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"days"}


def test_a_child_has_a_timeline_of_its_own(house):
    client = house.client("guardian")
    row_of(house.guardian, changed(level="self_care"))
    assert len(client.get(house.address("records")).context["kept"]) == 1
    own = client.get(f"{house.address('records')}?about={house.profile.public_id}")
    assert [kept.name for kept in own.context["kept"]] == ["Kim"]
    assert len(client.get(f"{house.address('records')}?about=all").context["kept"]) == 2
    foreign = house.client("stranger").get(
        f"{house.address('records')}?about={house.profile.public_id}"
    )
    assert foreign.status_code == 404


def test_a_guardian_must_agree_for_the_child(house):
    client = house.client("owner")
    form = {"name": "Lou", "relation": "child", "consent_version": "1"}
    refused = client.post(house.address("people"), form)
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"consent"}
    stale = client.post(house.address("people"), {**form, "consent": "on", "consent_version": "9"})
    assert stale.status_code == 422
    assert "as it stands now" in str(stale.context["form"].errors["consent"])
    assert client.post(house.address("people"), {**form, "consent": "on"}).status_code == 302
    profile = Profile.objects.get(guardian=house.owner)
    assert b"Lou" not in bytes(profile.sealed_who)
    entry = AuditEntry.objects.get(
        action="guardian.consented", subject=f"profile:{profile.public_id}"
    )
    assert entry.details == {"purpose": "health_guardian", "version": 1}


def test_removing_a_child_removes_its_records(house):
    client = house.client("guardian")
    assert client.post(house.address("remove_person")).status_code == 302
    assert not Assessment.objects.filter(pk=house.childs.pk).exists()
    assert not Profile.objects.exists()


def test_comparing_says_what_changed(house):
    later = row_of(
        house.owner,
        changed(level="gp", present=changed().present[:1], absent=changed().present[1:],
                knowledge="2027.1.0+def"),
    )  # fmt: skip
    address = f"{reverse('health:compare')}?record={later.public_id}&record={house.row.public_id}"
    answer = house.client("owner").get(address)
    assert answer.context["before"].row == house.row
    page = answer.content.decode()
    assert "The later one is less urgent." in page
    assert "not the same version" in page
    assert [f.id for f in answer.context["difference"].ended] == ["sweating_excess"]


@pytest.mark.parametrize(
    "query", ["", "?record=x&record=y", "?record={0}&record={0}", "?record={0}"]
)
def test_comparing_needs_two(house, query):
    address = reverse("health:compare") + query.format(house.row.public_id)
    answer = house.client("owner").get(address, follow=True)
    assert "Choose exactly two" in answer.content.decode()


def test_consent_is_given_and_withdrawn_where_it_is_asked(house):
    client = house.client("stranger")
    withdraw_consent(house.stranger, "health_records")
    asked = client.get(house.address("records")).content.decode()
    assert "Keeping my health assessments" in asked
    address = reverse("health:consent", args=["health_records"])
    assert (
        "The text has changed"
        in client.post(address, {"version": "7"}, follow=True).content.decode()
    )
    client.post(address, {"version": "1"})
    assert client.get(house.address("records")).context["records_consent"]
    client.post(address, {"withdraw": "1"})
    assert not client.get(house.address("records")).context["records_consent"]
    unknown = reverse("health:consent", args=["notifications_email"])
    assert client.post(unknown, {"version": "1"}).status_code == 404


def test_printing_without_end_asks_to_wait(house, monkeypatch):
    monkeypatch.setattr("moongate.health.records.views.pdf_of", lambda kept, lang: b"%PDF-")
    client = house.client("owner")
    statuses = {client.get(house.address("record_pdf")).status_code for _ in range(40)}
    assert statuses == {200}
    assert client.get(house.address("record_pdf")).status_code == 429


def _form(given: dict[str, str]) -> tuple[bytes, str]:
    body = "&".join(f"{key}={value}" for key, value in given.items())
    return body.encode(), "application/x-www-form-urlencoded"


def _bare(response) -> str:
    """The page without what differs between any two: its forms' token and the address asked for."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(UUID, "", page)
