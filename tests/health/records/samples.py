"""Kept assessments for tests, made without the engine."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec

from moongate.accounts.consents import give_consent
from moongate.accounts.models import User
from moongate.health.models import Assessment, Profile
from moongate.health.records.snapshot import (
    Answered,
    Asked,
    Both,
    Flag,
    Named,
    Possible,
    Snapshot,
)

COMPLAINT = "crushing chest pain <script>alert(1)</script> since breakfast"
CHEST = Named("chest_pain", Both("Chest pain", "胸痛"))
SWEAT = Named("sweating_excess", Both("Sweating a lot", "多汗"))
FEVER = Named("fever", Both("Fever", "发热"))
COUGH = Named("cough", Both("Cough", "咳嗽"))


def possible(name: str, probability: float, *codes: str) -> Possible:
    return Possible(
        name,
        Both(name.capitalize(), f"{name}病"),
        probability,
        Both(f"About {name}.", f"关于{name}。"),
        codes,
        (),
        (CHEST,),
        (FEVER,),
        (SWEAT,),
    )


SNAPSHOT = Snapshot(
    version=1,
    knowledge="2026.11.0+abc",
    lang="en",
    country="uk",
    about="self",
    age_years=58.0,
    sex="male",
    course="hours",
    words=(COMPLAINT,),
    present=(CHEST, SWEAT),
    absent=(FEVER,),
    unknown=(COUGH,),
    asked=(
        Asked(
            "danger",
            Both("Is any of these there?", "有下面的情况吗？"),
            (Answered(SWEAT, "present"), Answered(FEVER, "absent"), Answered(COUGH, "unknown")),
        ),
        Asked(
            "course",
            Both("How long?", "多久了？"),
            (),
            Both("minutes or hours", "几分钟或几小时"),
        ),
    ),
    level="emergency",
    level_name=Both("Emergency: get help now", "紧急：请立即求助"),
    do=Both("Call 999 now.", "请立即拨打 120。"),
    reason="red flag",
    crisis=False,
    flags=(
        Flag(
            "chest_pain_sweating",
            "emergency",
            Both("It can be a heart attack.", "可能是心肌梗死。"),
            (CHEST, SWEAT),
            False,
        ),
    ),
    levels=(0.9, 0.06, 0.02, 0.01, 0.01),
    conditions=(possible("infarct", 0.62, "I21.9"), possible("angina", 0.2, "I20.0", "I20.9")),
    withheld=0,
    method="exact",
    tail=0.0,
)


def member(name: str) -> User:
    """Somebody with an account and a quick hash, who agrees to have records kept."""
    person = User.objects.create_user(name, password="enchantress-of-numbers")
    give_consent(person, "health_records")
    return person


def row_of(
    owner: User,
    snapshot: Snapshot = SNAPSHOT,
    *,
    profile: Profile | None = None,
    created: datetime | None = None,
) -> Assessment:
    """A kept assessment whose conversation is its first words."""
    row = Assessment(
        owner=owner, profile=profile, fingerprint=uuid4().hex, knowledge=snapshot.knowledge
    )
    steps: list[dict[str, Any]] = [{"kind": "say", "text": text} for text in snapshot.words]
    talk = {"version": 1, "edition": snapshot.knowledge, "lang": "en", "country": "uk"}
    row.put("sealed_talk", {**talk, "steps": steps})
    row.put("sealed_snapshot", json.loads(json.dumps(snapshot.plain())))
    if created is not None:
        row.created = created
    row.save()
    return row


def changed(**more: Any) -> Snapshot:
    """The sample with some of it otherwise."""
    return msgspec.structs.replace(SNAPSHOT, **more)
