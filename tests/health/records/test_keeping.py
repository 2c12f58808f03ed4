"""Keeping, moving, exporting, deleting and erasing what a person keeps."""

import itertools
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from moongate.accounts import merging, personal_data
from moongate.accounts.consents import give_consent, withdraw_consent
from moongate.accounts.erasing import erase_person, request_erasure
from moongate.accounts.guests import make_guest
from moongate.accounts.models import AuditEntry, Consent, User
from moongate.health import tasks
from moongate.health.models import Assessment, Incident, Profile, Share
from moongate.health.records import keeping, profiles, sharing
from moongate.health.records.comparing import compare
from moongate.health.records.deleting import delete_outdated
from moongate.health.records.drawing import APART, draw
from moongate.health.records.purposes import GUARDIAN
from moongate.health.records.reading import read
from moongate.health.records.taking import take_snapshot
from moongate.health.safety.incidents import report_incident
from moongate.health.safety.switches import conditions_off, switch_off
from moongate.health.talk.replaying import assessment_of
from moongate.health.talk.steps import Age, Say, Talk
from moongate.social.errors import InvalidError, NotAllowedError, NotFoundError
from tests.health.records.samples import (
    CHEST,
    COMPLAINT,
    FEVER,
    SNAPSHOT,
    SWEAT,
    changed,
    member,
    possible,
    row_of,
)

WORDS = "I have had a runny nose and a sore throat for two days"


def said(*texts: str) -> Talk:
    steps = tuple(Say(text=text) for text in texts)
    return Talk(edition="", lang="en", country="uk", steps=(*steps, Age(years=30.0)))


@pytest.fixture
def house_engine(engine, monkeypatch):
    """The tests' one engine as the house's own, heeding the switches."""
    monkeypatch.setattr(engine, "withheld", conditions_off)
    monkeypatch.setattr(keeping, "shared_engine", lambda: engine)
    return engine


@pytest.mark.django_db
class TestKeeping:
    def test_a_kept_conversation_can_be_read_again(self, house_engine):
        ada = member("ada")
        row = keeping.keep(ada, said(WORDS))
        kept = read(ada, row.public_id)
        assert kept.snapshot.words == (WORDS,)
        assert kept.snapshot.knowledge == row.knowledge == house_engine.base.edition
        assert "sore_throat" in {found.id for found in kept.snapshot.present}
        assert kept.snapshot.conditions[0].name.zh
        assert keeping.talk_of(row).steps == said(WORDS).steps
        assert AuditEntry.objects.filter(action="record.kept").count() == 1

    def test_kept_twice_it_is_one_record(self, house_engine):
        ada, bea = member("ada"), member("bea")
        first = keeping.keep(ada, said(WORDS))
        assert keeping.keep(ada, said(WORDS)) == first
        assert keeping.keep(bea, said(WORDS)) != first
        assert Assessment.objects.count() == 2

    def test_nothing_is_kept_without_an_account_consent_or_words(self, house_engine):
        ada = User.objects.create_user("ada")
        for person in (AnonymousUser(), make_guest(language="en")):
            with pytest.raises(NotAllowedError, match="Only somebody with an account"):
                keeping.keep(person, said(WORDS))
        with pytest.raises(NotAllowedError, match="You have not agreed"):
            keeping.keep(ada, said(WORDS))
        give_consent(ada, "health_records")
        with pytest.raises(InvalidError, match="nothing to keep yet"):
            keeping.keep(ada, said())
        assert not Assessment.objects.exists()

    def test_it_is_not_kept_under_somebody_elses_child(self, house_engine):
        ada, bea = member("ada"), member("bea")
        child = profiles.add_profile(ada, name="Kim", relation="child", consent_version=1)
        with pytest.raises(NotFoundError):
            keeping.keep(bea, said(WORDS), profile=child)
        assert read(ada, keeping.keep(ada, said(WORDS), profile=child).public_id).name == "Kim"

    def test_a_condition_switched_off_is_not_named_and_lowers_nothing(self, house_engine):
        ada = member("ada")
        before = read(ada, keeping.keep(ada, said(WORDS)).public_id).snapshot
        first = before.conditions[0].id
        switch_off("condition", first, actor=ada, reason="wrong figures")
        after = read(ada, keeping.keep(ada, said(WORDS, "nothing else")).public_id).snapshot
        told = house_engine.result(assessment_of(house_engine, said(WORDS)))
        assert first not in {condition.id for condition in after.conditions}
        assert after.withheld == 1
        assert told.withheld == (first,)
        assert told.triage.level == before.level
        assert first not in {e.condition for e in told.explained}


@pytest.mark.django_db
class TestLeaving:
    def test_old_records_go_by_themselves(self, settings):
        settings.HEALTH_KEEP_DAYS = 30
        ada, now = member("ada"), timezone.now()
        row_of(ada, created=now - timedelta(days=31))
        young = row_of(ada, created=now - timedelta(days=29))
        assert delete_outdated(now=now) == 1
        assert list(Assessment.objects.all()) == [young]
        assert delete_outdated(now=now) == 0

    def test_records_go_a_week_after_consent_is_withdrawn(self):
        ada, bea = member("ada"), member("bea")
        row_of(ada)
        hers = row_of(bea)
        withdraw_consent(ada, "health_records")
        assert delete_outdated() == 0
        Consent.objects.filter(person=ada).update(
            withdrawn_at=timezone.now() - timedelta(days=7, seconds=1)
        )
        assert delete_outdated() == 1
        assert list(Assessment.objects.all()) == [hers]

    def test_who_agrees_again_keeps_them(self):
        ada = member("ada")
        row_of(ada)
        withdraw_consent(ada, "health_records")
        Consent.objects.update(withdrawn_at=timezone.now() - timedelta(days=8))
        give_consent(ada, "health_records")
        assert delete_outdated() == 0

    def test_the_daily_round_deletes(self, settings):
        settings.TASKS = {
            "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}
        }
        ada = member("ada")
        row_of(ada, created=timezone.now() - timedelta(days=settings.HEALTH_KEEP_DAYS + 1))
        assert tasks.resume() == 1
        assert not Assessment.objects.exists()

    def test_everything_goes_with_the_account(self):
        ada, bea = member("ada"), member("bea")
        child = profiles.add_profile(ada, name="Kim", relation="child", consent_version=1)
        row = row_of(ada)
        row_of(ada, profile=child)
        give_consent(ada, "health_sharing")
        sharing.share(ada, row.public_id, label="Dr", days=1)
        report_incident(kind="wrong", harm="none", words="it erred", knowledge="1", reporter=ada)
        kept = row_of(bea)
        erase_person(request_erasure(ada).public_id)
        assert list(Assessment.objects.all()) == [kept]
        assert not Profile.objects.exists()
        assert not Share.objects.exists()
        (incident,) = Incident.objects.all()
        assert incident.reporter is None
        assert incident.take("sealed_words") is None
        assert incident.kind == "wrong"

    def test_ones_own_copy_is_complete_and_readable(self):
        ada, bea = member("ada"), member("bea")
        child = profiles.add_profile(ada, name="Kim", relation="child", consent_version=1)
        row = row_of(ada, profile=child)
        row_of(bea)
        give_consent(ada, "health_sharing")
        sharing.share(ada, row.public_id, label="Dr Lee", days=1)
        report_incident(kind="wrong", harm="none", words="it erred", knowledge="1", reporter=ada)
        copy = {
            entry.key: list(entry.exported(ada))
            for entry in personal_data.registrations()
            if entry.area == "health"
        }
        (mine,) = copy["health.assessment.owner"]
        assert mine["result"]["words"] == [COMPLAINT]
        assert mine["talk"]["steps"][0]["text"] == COMPLAINT
        assert copy["health.profile.guardian"][0]["name"] == "Kim"
        assert copy["health.share.links"][0]["label"] == "Dr Lee"
        assert copy["health.incident.reporter"][0]["words"] == "it erred"

    def test_a_guests_things_move_to_the_account(self):
        ada, guest = member("ada"), make_guest(language="en")
        row, twice = row_of(guest), row_of(guest)
        hers = row_of(ada)
        Assessment.objects.filter(pk=twice.pk).update(fingerprint=hers.fingerprint)
        incident = report_incident(
            kind="over", harm="none", words="x", knowledge="1", reporter=guest
        )
        merging.merge_guest(guest, into=ada)
        assert set(Assessment.objects.filter(owner=ada)) == {row, hers}
        assert Assessment.objects.count() == 2
        assert Incident.objects.get(pk=incident.pk).reporter == ada


def test_the_guardians_text_has_both_languages():
    assert GUARDIAN.text["zh-hans"] != GUARDIAN.text["en"]


def test_a_snapshot_names_everything_in_both_languages(engine):
    told = engine.tell(engine.begin(lang="zh", age=30), "我嗓子疼，流鼻涕两天了")
    plain = json.dumps(take_snapshot(engine, told, words=[]).plain(), ensure_ascii=False)
    assert "Sore throat" in plain
    assert "course_" not in plain


class TestComparing:
    def test_findings_and_probabilities_are_told_apart(self):
        later = changed(
            level="today",
            present=(CHEST, FEVER),
            absent=(SWEAT,),
            conditions=(possible("infarct", 0.3), possible("pleurisy", 0.4)),
        )
        difference = compare(SNAPSHOT, later)
        assert difference.urgency == -1
        assert (difference.begun, difference.ended) == ((FEVER,), (SWEAT,))
        assert (difference.still, difference.unclear) == ((CHEST,), ())
        ways = {moved.condition.id: moved.way for moved in difference.conditions}
        assert ways == {"infarct": "down", "pleurisy": "new", "angina": "gone"}

    def test_the_same_compared_is_the_same(self):
        difference = compare(SNAPSHOT, SNAPSHOT)
        assert difference.urgency == 0
        assert {moved.way for moved in difference.conditions} == {"same"}
        assert difference.same_knowledge
        assert difference.begun == difference.ended == difference.unclear == ()


class TestDrawing:
    def points(self, *days: int):
        now = timezone.now()
        rows = [(SimpleNamespace(), now + timedelta(days=d), "gp", CHEST.name) for d in days]
        return draw(rows)

    def test_points_stand_in_order_of_time_and_apart(self):
        picture = self.points(5, 0, 5, 300, 5)
        xs = [point.x for point in picture.points]
        assert xs == sorted(xs)
        assert all(b - a >= APART for a, b in itertools.pairwise(xs))
        assert picture.width >= xs[-1]

    def test_one_and_none_can_be_drawn(self):
        assert len(self.points(1).points) == 1
        assert self.points().line == ""
