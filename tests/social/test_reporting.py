"""Reports: one open each, decided with a reason, appealed once; and the operator's desk."""

import pytest
from django.urls import reverse

from moongate.accounts.erasing import request_erasure
from moongate.accounts.models import AuditEntry
from moongate.social.commenting import add_comment, remove_comment
from moongate.social.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from moongate.social.models import Audience, Comment, Photo, Post, Report, State
from moongate.social.notifications import list_notifications
from moongate.social.posting import edit_post, publish_post, remove_post
from moongate.social.reading import comments_of, find_post, posts_of
from moongate.social.reporting import (
    answer_appeal,
    appeal,
    keep_reported,
    remove_reported,
    report,
    restore_person,
    take_down,
)
from tests.social.folk import counts, guest, on, person, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bo():
    return person("bo")


@pytest.fixture
def operator():
    return person("operator", is_staff=True, is_superuser=True)


@pytest.fixture
def post(ada):
    return publish_post(ada, text="buy gold")


def told(who):
    return [notice.kind for notice in list_notifications(who).notices]


def test_one_open_report_a_person_and_thing(bo, post):
    first = report(post, reason="spam", by=bo, text="it is")
    assert report(post, reason="hate", by=bo) == first
    assert report(post, reason="hate", by=person("cy")) != first
    assert Report.objects.count() == 2


def test_one_reports_what_one_sees_and_nothing_of_ones_own(ada, bo, post):
    own = publish_post(ada, text="diary", audience=Audience.ME)
    for thing in (own, photo(ada), guest()):
        with pytest.raises(NotFoundError):
            report(thing, reason="spam", by=bo)
    with pytest.raises(InvalidError, match="This is your own"):
        report(post, reason="spam", by=ada)
    with pytest.raises(InvalidError, match="reason: must be one of spam, hate"):
        report(post, reason="boring", by=bo)
    with pytest.raises(NotAllowedError):
        report(post, reason="spam", by=guest())
    assert not Report.objects.exists()


def test_what_is_removed_is_gone_for_all_but_its_author_who_is_told_why(ada, bo, post, operator):
    row = report(post, reason="spam", by=bo)
    other = report(post, reason="spam", by=person("cy"))
    with pytest.raises(InvalidError, match="because: a decision needs its reason"):
        remove_reported(row, by=operator, because=" ")
    remove_reported(row, by=operator, because="Advertising")
    remove_reported(row, by=operator, because="Advertising")
    for viewer in (bo, None):
        with pytest.raises(NotFoundError):
            find_post(post.public_id, viewer=viewer)
    assert find_post(post.public_id, viewer=ada).state == State.REMOVED
    assert counts(ada)["posts"] == 0
    assert told(ada) == ["removed"]
    other.refresh_from_db()
    assert (other.decision, other.decided_because) == ("removed", "Advertising")
    assert [entry.action for entry in AuditEntry.objects.all()] == ["report.removed"]
    with pytest.raises(ConflictError, match="decided already"):
        keep_reported(row, by=operator)
    with pytest.raises(ConflictError, match="was taken down"):
        edit_post(post, text="better", by=ada)


def test_what_is_kept_stays_and_can_be_reported_anew(bo, post, operator):
    row = report(post, reason="spam", by=bo)
    keep_reported(row, by=operator)
    assert find_post(post.public_id, viewer=bo)
    assert report(post, reason="hate", by=bo) != row


def test_only_an_operator_decides(ada, bo, post):
    row = report(post, reason="spam", by=bo)
    for nobody in (ada, bo, guest()):
        with pytest.raises(NotAllowedError):
            keep_reported(row, by=nobody)
        with pytest.raises(NotAllowedError):
            remove_reported(row, by=nobody, because="x")
        with pytest.raises(NotAllowedError):
            take_down(post, reason="other", by=nobody, because="x")
    row.refresh_from_db()
    assert row.decision == "open"


@pytest.mark.parametrize("restore", [True, False])
def test_an_appeal_is_made_once_and_answered_once(ada, bo, post, operator, restore):
    row = report(post, reason="spam", by=bo)
    with pytest.raises(NotFoundError):
        appeal(post, text="why?", by=ada)
    remove_reported(row, by=operator, because="Advertising")
    with pytest.raises(ConflictError, match="Nobody has appealed"):
        answer_appeal(row, restore=True, by=operator, because="x")
    with pytest.raises(NotFoundError):
        appeal(post, text="mine", by=bo)
    assert appeal(post, text="It is a poem", by=ada).appeal == "It is a poem"
    assert appeal(post, text="again", by=ada).appeal == "It is a poem"
    answer_appeal(row, restore=restore, by=operator, because="Read again")
    answer_appeal(row, restore=restore, by=operator, because="Read again")
    with pytest.raises(ConflictError):
        answer_appeal(row, restore=not restore, by=operator, because="x")
    assert told(ada) == ["appeal", "removed"]
    assert bool(posts_of(ada, viewer=bo).posts) == restore
    assert counts(ada)["posts"] == int(restore)
    assert AuditEntry.objects.first().details == {"restored": restore, "report": row.pk}


def test_a_comment_goes_and_comes_with_its_count(ada, bo, post, operator):
    comment = add_comment(post, text="rude", by=bo)
    add_comment(post, text="answer", by=ada, reply_to=comment)
    row = report(comment, reason="hate", by=ada)
    remove_reported(row, by=operator, because="Rude")
    assert on(post) == (0, 0)
    assert comments_of(post, viewer=ada).comments == []
    appeal(comment, text="It was meant kindly", by=bo)
    answer_appeal(row, restore=True, by=operator, because="It was")
    assert on(post) == (0, 2)


def test_a_photo_is_removed_and_its_post_stays(ada, bo, operator):
    picture = photo(ada)
    post = publish_post(ada, text="look", photos=[picture])
    remove_reported(report(picture, reason="rights", by=bo), by=operator, because="Not hers")
    assert find_post(post.public_id, viewer=bo).placed_photos == []
    assert len(find_post(post.public_id, viewer=ada).placed_photos) == 1


def test_a_person_is_shut_out_and_let_in_again_but_no_operator_is(ada, bo, operator, post):
    row = report(ada, reason="spam", by=bo)
    remove_reported(row, by=operator, because="A swindler")
    ada.refresh_from_db()
    assert not ada.is_active
    with pytest.raises(NotFoundError):
        find_post(post.public_id, viewer=bo)
    restore_person(row, by=operator, because="It was not")
    restore_person(row, by=operator, because="It was not")
    assert find_post(post.public_id, viewer=bo)
    against = report(operator, reason="other", by=bo)
    with pytest.raises(ConflictError, match="operator's account"):
        remove_reported(against, by=operator, because="x")


def test_an_account_that_is_being_erased_is_not_opened_again(ada, bo, operator, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    row = report(ada, reason="spam", by=bo)
    remove_reported(row, by=operator, because="A swindler")
    request_erasure(ada)
    with pytest.raises(ConflictError, match="being erased"):
        restore_person(row, by=operator, because="x")
    ada.refresh_from_db()
    assert not ada.is_active


def test_deleting_a_thing_does_not_delete_what_is_said_against_its_author(ada, bo, post, operator):
    first = report(post, reason="spam", by=bo)
    comment = add_comment(publish_post(bo, text="x"), text="rude", by=ada)
    second = report(comment, reason="hate", by=person("cy"))
    third = report(comment, reason="hate", by=bo)
    remove_post(post, by=ada)
    remove_comment(comment, by=ada)
    for row in (first, second):
        row.refresh_from_db()
        assert (row.about, row.post, row.comment, row.decision) == (ada, None, None, "open")
    # Of two by the same person one is enough.
    assert not Report.objects.filter(pk=third.pk).exists()
    assert not Comment.objects.exists()


# The operator's desk


@pytest.fixture
def desk(client, operator, settings):
    settings.ROOT_URLCONF = "tests.social.photos.urls"
    client.force_login(operator)

    def act(model, action, rows, because=""):
        data = {"action": action, "_selected_action": [row.pk for row in rows]}
        address = reverse(f"admin:social_{model}_changelist")
        return client.post(address, {**data, "because": because}, follow=True)

    return act


def test_the_queue_shows_what_waits_with_names_as_text(ada, bo, desk, client):
    post = publish_post(ada, text="<script>alert(1)</script>")
    report(post, reason="spam", by=bo)
    report(photo_in_post(ada), reason="rights", by=bo)
    for queue in ("", "?queue=open", "?queue=appeals"):
        answer = client.get(reverse("admin:social_report_changelist") + queue)
        assert answer.status_code == 200
        assert b"<script>alert(1)" not in answer.content
    row = Report.objects.first()
    answer = client.get(reverse("admin:social_report_change", args=[row.pk]))
    assert answer.status_code == 200
    assert b'name="_save"' in answer.content or b"Close" in answer.content


def photo_in_post(owner):
    picture = photo(owner)
    publish_post(owner, photos=[picture])
    return picture


def test_the_desk_removes_keeps_and_answers(ada, bo, desk):
    bad, good = publish_post(ada, text="bad"), publish_post(ada, text="good")
    rows = [report(bad, reason="spam", by=bo)]
    answer = desk("report", "remove", rows)
    assert "because: a decision needs its reason" in answer.content.decode()
    assert Post.objects.get(pk=bad.pk).state == State.SHOWN
    answer = desk("report", "remove", rows, because="Spam")
    assert "1 decided." in answer.content.decode()
    assert Post.objects.get(pk=bad.pk).state == State.REMOVED
    kept = report(good, reason="spam", by=bo)
    desk("report", "keep", [kept])
    kept.refresh_from_db()
    assert kept.decision == "kept"
    appeal(bad, text="no", by=ada)
    desk("report", "uphold", rows, because="Still spam")
    rows[0].refresh_from_db()
    assert (rows[0].decision, rows[0].appeal_answer) == ("removed", "Still spam")


def test_the_desk_shows_held_photos_and_decides_them(ada, bo, desk, client):
    good, bad, private = photo(ada, State.HELD), photo(ada, State.HELD), photo(ada)
    posts = [publish_post(ada, text="x", photos=[picture]) for picture in (good, bad)]
    answer = client.get(reverse("admin:social_photo_changelist")).content.decode()
    assert str(good.public_id) in answer
    assert str(private.public_id) not in answer
    desk("photo", "show", [good])
    desk("photo", "remove", [bad], because="Nudity")
    states = [Photo.objects.get(pk=picture.pk).state for picture in (good, bad)]
    assert states == [State.SHOWN, State.REMOVED]
    assert posts_of(ada, viewer=bo).posts == posts[::-1]
    assert told(ada) == ["removed"]
    assert Report.objects.get().decided_because == "Nudity"


def test_nobody_else_comes_to_the_desk(ada, client):
    client.force_login(ada)
    for model in ("report", "photo"):
        answer = client.get(reverse(f"admin:social_{model}_changelist"))
        assert answer.status_code == 302
