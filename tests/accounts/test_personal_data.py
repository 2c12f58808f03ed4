"""Nobody forgets a table: what points to a person is exported and erased, or says why not."""

import pytest
from django.apps import apps

from moongate.accounts import personal_data
from moongate.accounts.models import AuditEntry, Consent, User
from moongate.accounts.personal_data import RegistrationError, holds_nothing, register


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """Registrations of a test end with it."""
    monkeypatch.setattr(personal_data, "_registered", dict(personal_data._registered))
    monkeypatch.setattr(personal_data, "_excused", dict(personal_data._excused))


def test_every_field_that_names_a_person_is_accounted_for():
    named = [field for model in apps.get_models() for field in personal_data.person_fields(model)]
    assert len(named) > 20
    assert personal_data.unregistered() == []


def test_a_forgotten_field_is_named():
    del personal_data._registered["accounts.consent.person"]
    del personal_data._registered["race.record.player"]
    assert personal_data.unregistered() == ["race.record.player", "accounts.consent.person"]


def test_both_ends_of_a_row_between_two_people_count():
    del personal_data._registered["social.follow.followed"]
    assert personal_data.unregistered() == ["social.follow.followed"]


def test_a_field_can_be_excused_with_a_reason():
    del personal_data._registered["accounts.consent.person"]
    holds_nothing(Consent, "person", reason="only for this test")
    assert personal_data.unregistered() == []
    with pytest.raises(RegistrationError, match="reason"):
        holds_nothing(Consent, "person", reason=" ")


def test_the_persons_own_row_goes_last():
    assert personal_data.registrations()[-1].model is User


def test_what_cannot_be_null_cannot_be_anonymised():
    with pytest.raises(RegistrationError, match=r"Consent\.person"):
        register(Consent, owner="person", export=None, erase="anonymise")


def test_rows_told_by_a_callable_need_a_name():
    with pytest.raises(RegistrationError, match="name"):
        register(AuditEntry, owner=lambda person: None, export=None, erase="delete")


@pytest.mark.django_db
def test_exports_name_fields_that_exist():
    nobody = User(pk=-1)
    for entry in personal_data.registrations():
        assert list(entry.exported(nobody)) == [], entry.key
        assert list(entry.files(nobody) if entry.files else []) == [], entry.key


@pytest.mark.django_db
def test_rows_are_deleted_in_batches(django_assert_num_queries):
    ada = User.objects.create_user("ada")
    rows = [Consent(person=ada, purpose=f"p{number}", version=1) for number in range(7)]
    Consent.objects.bulk_create(rows)
    assert personal_data.delete_in_batches(Consent.objects.filter(person=ada), size=3) == 7
    assert not Consent.objects.exists()
