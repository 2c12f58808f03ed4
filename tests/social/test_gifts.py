"""Gifts: a costume one may share, given once, to somebody who hears one."""

import pytest

from moongate.social import cards
from moongate.social.blocking import block_person
from moongate.social.errors import InvalidError, NotAllowedError, NotFoundError
from moongate.social.following import follow_person
from moongate.social.gifts import gifts_of, give_gift
from moongate.social.models import Gift
from moongate.social.notifications import list_notifications
from tests.social.folk import guest, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bo():
    return person("bo")


@pytest.fixture(autouse=True)
def wardrobe(afresh):
    cards.register(
        "costume",
        render=lambda ref, viewer, lang: cards.Card(ref),
        may_post=lambda who, ref: ref.startswith("uk/"),
    )


def test_a_gift_sent_again_is_the_same_gift(ada, bo):
    gift = give_gift(bo, costume="uk/tartan", by=ada, message="For you\n\x00")
    assert give_gift(bo, costume="uk/tartan", by=ada) == gift
    assert gift.message == "For you"
    assert list(gifts_of(bo)) == [gift]
    assert [(one.kind, one.actors) for one in list_notifications(bo).notices] == [("gift", [ada])]
    give_gift(bo, costume="uk/tweed", by=ada)
    assert Gift.objects.count() == 2


def test_only_costumes_that_are_here_and_only_between_members(ada, bo):
    with pytest.raises(NotFoundError):
        give_gift(bo, costume="elsewhere/x", by=ada)
    with pytest.raises(InvalidError, match="costume: a gift needs a costume"):
        give_gift(bo, costume="", by=ada)
    with pytest.raises(InvalidError, match="somebody else"):
        give_gift(ada, costume="uk/tweed", by=ada)
    with pytest.raises(NotAllowedError):
        give_gift(bo, costume="uk/tweed", by=guest())
    block_person(ada, by=bo)
    with pytest.raises(NotFoundError):
        give_gift(bo, costume="uk/tweed", by=ada)
    assert not Gift.objects.exists()


def test_who_hears_no_strangers_is_given_gifts_by_those_they_follow(ada):
    child = person("child", hears_strangers=False)
    with pytest.raises(NotAllowedError, match="only from people whom they follow"):
        give_gift(child, costume="uk/tweed", by=ada)
    follow_person(ada, by=child)
    assert give_gift(child, costume="uk/tweed", by=ada)
