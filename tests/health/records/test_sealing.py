"""Sealed texts open where they belong, and nowhere else; keys rotate and nothing is lost."""

import os
import stat
from base64 import urlsafe_b64encode

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from moongate.health.models import Assessment
from moongate.health.records import keyring, rotation, sealing
from moongate.health.records.keyring import (
    KeyFileError,
    Keyring,
    KeyUnknownError,
    SealError,
    read_keys,
)
from tests.health.records.samples import COMPLAINT, member, row_of

OLD, NEW = b"o" * 32, b"n" * 32


def word(key: bytes) -> str:
    return urlsafe_b64encode(key).decode()


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_was_sealed_opens_in_its_place(plain, context):
    ring = Keyring((NEW, OLD))
    sealed = ring.seal(plain, context)
    assert ring.unseal(sealed, context) == plain
    assert ring.seal(plain, context) != sealed
    with pytest.raises(SealError, match="does not belong there"):
        ring.unseal(sealed, context + "x")


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_one_changed_bit_is_seen(place, bit):
    ring = Keyring((NEW,))
    sealed = bytearray(ring.seal(b"a complaint of some length", "row"))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(SealError):
        ring.unseal(bytes(sealed), "row")


def test_an_old_key_opens_and_the_newest_seals():
    sealed = Keyring((OLD,)).seal(b"x", "row")
    both = Keyring((NEW, OLD))
    assert both.unseal(sealed, "row") == b"x"
    assert keyring.key_name(both.seal(b"x", "row")) == keyring.name_of(NEW)
    with pytest.raises(KeyUnknownError, match=keyring.name_of(OLD).hex()):
        Keyring((NEW,)).unseal(sealed, "row")


def test_a_ring_shows_no_key():
    assert "nnn" not in repr(Keyring((NEW,)))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "at least one key"),
        (["not base64!"], "KEYS: key 1 is not URL-safe base64"),
        ([word(NEW), word(b"short")], "KEYS: key 2 must have 32 bytes .received: 5."),
        ([word(NEW), word(NEW)], "a key stands twice"),
    ],
)
def test_keys_that_cannot_be_used_say_where_and_why(words, reason):
    with pytest.raises(KeyFileError, match=reason):
        read_keys(words, "KEYS")


def test_the_site_does_not_start_on_keys_that_cannot_be_used(settings):
    settings.HEALTH_KEYS = ["?"]
    with pytest.raises(ImproperlyConfigured, match="MOONGATE_HEALTH_KEYS: key 1"):
        sealing.check_keys()


def test_a_home_without_keys_makes_a_file_that_only_its_owner_reads(settings):
    sealed = sealing.seal(b"x", "row")
    path = settings.HEALTH_KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_text()
    assert sealing.unseal(sealed, "row") == b"x"
    assert path.read_text() == first
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_keys_in_the_environment_make_no_file(settings):
    settings.HEALTH_KEYS = [word(NEW)]
    assert sealing.unseal(sealing.seal(b"x", "row"), "row") == b"x"
    assert not settings.HEALTH_KEY_FILE.exists()


@pytest.mark.django_db
class TestRows:
    def test_the_database_holds_no_word_of_a_complaint(self):
        row = row_of(member("ada"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM health_assessment")
            stored = b"|".join(
                bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for value in cursor.fetchone()
            )
        assert str(row.knowledge).encode() in stored
        for said in (b"chest", b"crushing", "胸".encode(), b"emergency", COMPLAINT.encode()):
            assert said not in stored
        assert row.take("sealed_snapshot")["words"] == [COMPLAINT]

    def test_a_sealed_field_moved_to_another_row_or_field_does_not_open(self):
        ada, bea = member("ada"), member("bea")
        hers, other = row_of(ada), row_of(bea)
        Assessment.objects.filter(pk=other.pk).update(sealed_snapshot=hers.sealed_snapshot)
        other.refresh_from_db()
        with pytest.raises(SealError):
            other.take("sealed_snapshot")
        hers.sealed_talk = hers.sealed_snapshot
        with pytest.raises(SealError):
            hers.take("sealed_talk")

    def test_rotation_seals_everything_anew_once(self, settings):
        rows = [row_of(member(name)) for name in ("ada", "bea")]
        before = [bytes(row.sealed_talk) for row in rows]
        rotation.add_key()
        told = []
        assert rotation.reseal(lambda done, total: told.append((done, total))) == 4
        assert told[-1] == (2, 2)
        assert rotation.reseal() == 0
        for row, sealed in zip(rows, before, strict=True):
            row.refresh_from_db()
            assert bytes(row.sealed_talk) != sealed
            assert row.take("sealed_snapshot")["words"] == [COMPLAINT]
        assert rotation.forget_old_keys() == 1
        assert rotation.forget_old_keys() == 0
        assert rows[0].take("sealed_snapshot")["words"] == [COMPLAINT]

    def test_rotation_goes_on_after_a_stop_in_the_middle(self, monkeypatch):
        rows = [row_of(member(f"person{n}")) for n in range(4)]
        rotation.add_key()
        real = rotation._reseal_row
        done = []

        def until_killed(model, pk, newest):
            if len(done) == 2:
                raise KeyboardInterrupt
            done.append(pk)
            return real(model, pk, newest)

        with monkeypatch.context() as patch:
            patch.setattr(rotation, "_reseal_row", until_killed)
            with pytest.raises(KeyboardInterrupt):
                rotation.reseal()
        newest = sealing.keyring().newest
        assert sorted(rotation.keys_in_use().values()) == [4, 4]
        assert rotation.reseal() == 4
        assert rotation.keys_in_use() == {newest: 8}
        for row in rows:
            row.refresh_from_db()
            assert row.take("sealed_snapshot")["words"] == [COMPLAINT]

    def test_a_key_still_in_use_is_not_forgotten(self):
        row_of(member("ada"))
        rotation.add_key()
        assert rotation.forget_old_keys() == 0
        assert len(sealing.keyring().keys) == 2

    def test_a_lost_key_stops_the_rotation_and_is_named(self, settings):
        row = row_of(member("ada"))
        lost = keyring.key_name(bytes(row.sealed_talk)).hex()
        settings.HEALTH_KEYS = [word(NEW)]
        with pytest.raises(KeyUnknownError, match=lost):
            rotation.reseal()

    def test_keys_of_the_environment_are_changed_there(self, settings):
        settings.HEALTH_KEYS = [word(NEW)]
        with pytest.raises(KeyFileError, match="MOONGATE_HEALTH_KEYS: change them there"):
            rotation.add_key()

    def test_a_changed_key_file_is_read_without_a_restart(self, settings):
        sealing.seal(b"x", "row")
        keyring.write_key_file(settings.HEALTH_KEY_FILE, Keyring((NEW,)))
        assert sealing.keyring().newest == keyring.name_of(NEW)
        assert stat.S_IMODE(os.stat(settings.HEALTH_KEY_FILE).st_mode) == 0o600

    def test_every_model_with_sealed_fields_is_found(self):
        names = {model._meta.label for model in rotation.sealed_models()}
        assert {"health.Assessment", "health.Profile", "health.Share", "health.Incident"} <= names
        assert all(model.SEALED for model in rotation.sealed_models())


def test_new_keys_differ():
    keys = {keyring.new_key() for _ in range(20)}
    assert len(keys) == 20
    assert {len(key) for key in read_keys(sorted(keys), "here").keys} == {32}
