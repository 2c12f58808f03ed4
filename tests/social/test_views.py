"""The social pages: who sees what, what the buttons do, and what a refusal looks like."""

import io
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from moongate.social import (
    blocking,
    cards,
    commenting,
    following,
    gifts,
    posting,
    reporting,
    search,
)
from moongate.social.models import Album, Audience, Comment, Follow, Like, Photo, Post, Report
from moongate.social.notifications import unread_count
from moongate.social.pages import page_of
from moongate.social.photos.albums import create_album, move_photo
from moongate.social.photos.visibility import visible_photos
from tests.social.folk import befriend, person, photo, private

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def house(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    search.prepare()


@pytest.fixture
def ada():
    return person("ada", display_name="Ada", age_band="adult")


@pytest.fixture
def ben():
    return person("ben", display_name="Ben", age_band="adult")


def signed_in(someone) -> Client:
    client = Client()
    client.force_login(someone, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def at(name, *things, **more):
    return reverse(f"social:{name}", args=[getattr(one, "public_id", one) for one in things])


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def picture(name="a.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (31, 66, 154)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def draft(words="", **more):
    return {"text": words, "audience": "everyone", "public_id": str(uuid4()), **more}


def test_a_stranger_reads_what_is_public_and_is_asked_in_to_act(ada):
    post = posting.publish_post(ada, text="a public word")
    posting.publish_post(ada, text="a word for friends", audience=Audience.FOLLOWERS)
    page = text(Client().get(at("timeline")))
    assert "a public word" in page
    assert "a word for friends" not in page
    assert "Make an account" in page
    answer = Client().post(at("like", post), {"next": at("post", post)})
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={at('post', post).replace('/', '%2F')}"
    asked = Client().post(at("like", post), {"next": at("post", post)}, **JSON)
    assert asked.status_code == 401
    assert asked.json()["sign_in"] == answer["Location"]
    assert not Like.objects.exists()


def test_a_post_is_written_once_however_often_the_form_is_sent(ada):
    client = signed_in(ada)
    words = draft("Hello from the bridge")
    for _again in range(2):
        answer = client.post(at("publish"), words)
        assert (answer.status_code, answer["Location"]) == (302, at("timeline"))
    assert Post.objects.count() == 1
    assert "Hello from the bridge" in text(client.get(at("timeline")))


def test_photos_go_with_the_form_where_no_script_runs(ada):
    client = signed_in(ada)
    answer = client.post(at("publish"), draft("two", photo=[picture(), picture("b.png")]))
    post = Post.objects.get()
    assert answer["Location"] == f"{at('post', post)}#describe"
    assert post.photos.count() == 2
    page = text(client.get(at("post", post)))
    assert "What is in your photos?" in page
    first = post.photos.first()
    client.post(at("describe", first), {"alt": "a blue wall", "next": at("post", post)})
    assert 'alt="a blue wall"' in text(client.get(at("post", post)))


def test_photos_sent_before_come_in_their_order_with_their_words(ada):
    one, two = photo(ada), photo(ada)
    ids = [str(two.public_id), str(one.public_id)]
    words = draft(photo_id=ids, **{f"alt-{ids[0]}": "the second", f"alt-{ids[1]}": "the first"})
    signed_in(ada).post(at("publish"), words)
    placed = Post.objects.get().postphoto_set.select_related("photo")
    assert [each.photo.alt for each in placed] == ["the second", "the first"]


def test_somebody_elses_photo_cannot_be_posted_or_described(ada, ben):
    theirs = photo(ben)
    client = signed_in(ada)
    answer = client.post(at("publish"), draft("mine?", photo_id=[str(theirs.public_id)]))
    assert answer.status_code == 404
    assert client.post(at("describe", theirs), {"alt": "x"}).status_code == 404
    assert client.post(at("publish"), draft("x", photo_id=["no-id"])).status_code == 404
    assert not Post.objects.exists()


def test_a_refused_post_keeps_what_was_written(ada):
    client = signed_in(ada)
    kept = photo(ada)
    empty = client.post(at("publish"), draft(""))
    assert empty.status_code == 422
    assert "A post needs a text, a photo or a card. Write something" in text(empty)
    ten = client.post(at("publish"), draft("ten", photo_id=[str(kept.public_id)] * 10))
    assert ten.status_code == 422
    assert "> ten</textarea>" in text(ten)
    not_a_photo = SimpleUploadedFile("<b>.svg", b"<svg onload='x'/>", "image/png")
    refused = client.post(at("publish"), draft("look", photo=[not_a_photo]))
    assert refused.status_code == 422
    assert "&lt;b&gt;.svg" in text(refused)
    assert "<b>.svg" not in text(refused)
    assert not Post.objects.exists()


def test_script_in_names_texts_and_comments_is_text(ada, ben):
    ada.display_name = SCRIPT[:30]
    ada.save()
    post = posting.publish_post(ada, text=SCRIPT)
    commenting.add_comment(post, text=SCRIPT, by=ben)
    create_album(ada, SCRIPT)
    befriend(ada, ben)
    pages = (
        at("timeline"),
        at("post", post),
        at("person", ada),
        at("albums", ada),
        at("followers", ben),
        at("notifications"),
        at("report", "post", post),
        f"{at('search')}?q=%3Cscript%3E",
    )
    for address in pages:
        said = text(signed_in(ben).get(address))
        assert "<script>alert" not in said, address
    assert ESCAPED in text(signed_in(ben).get(at("post", post)))


def test_the_age_is_asked_before_the_first_post(ben):
    young = person("newcomer")
    client = signed_in(young)
    assert "Tell your age" in text(client.get(at("timeline")))
    answer = client.post(at("publish"), draft("hello"))
    assert answer["Location"] == "/accounts/age/?next=%2Fsocial%2F"
    assert not Post.objects.exists()


def test_likes_by_a_form_and_by_a_script_are_the_same_like(ada, ben):
    post = posting.publish_post(ada, text="x")
    client = signed_in(ben)
    back = f"{at('timeline')}#p-{post.public_id}"
    plain = client.post(at("like", post), {"do": "do", "next": back})
    assert plain["Location"] == back
    script = client.post(at("like", post), {"do": "do"}, **JSON)
    assert script.json() == {"said": "", "is_on": True, "count": 1}
    assert unread_count(ada) == 1
    gone = client.post(at("like", post), {"do": "undo"}, **JSON)
    assert gone.json() == {"said": "", "is_on": False, "count": 0}


def test_a_next_of_another_house_is_not_followed(ada, ben):
    post = posting.publish_post(ada, text="x")
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = signed_in(ben).post(at("like", post), {"do": "do", "next": elsewhere})
        assert answer["Location"] == at("timeline")


def test_buttons_need_the_sites_proof(ada, ben):
    post = posting.publish_post(ada, text="x")
    client = Client(enforce_csrf_checks=True)
    client.force_login(ben, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(at("like", post)).status_code == 403
    assert client.get(at("like", post)).status_code == 405


def test_too_much_answers_429_with_the_time(ada, ben, settings):
    settings.SOCIAL_LIMITS = {"like": (1, 600)}
    one, two = (posting.publish_post(ada, text=each) for each in "ab")
    client = signed_in(ben)
    client.post(at("like", one))
    answer = client.post(at("like", two))
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    assert re.search(r"Try again in \d+ (minute|second)s?\.", text(answer))
    script = client.post(at("like", two), **JSON)
    assert script.status_code == 429
    assert script.json()["retry_after_s"] > 0


def test_comments_and_answers_stand_under_the_post(ada, ben):
    post = posting.publish_post(ada, text="x")
    client = signed_in(ben)
    answer = client.post(at("comment", post), {"text": "well said", "public_id": str(uuid4())})
    said = Comment.objects.get()
    assert answer["Location"] == f"{at('post', post)}#c-{said.public_id}"
    reply = {"text": "thanks", "reply_to": str(said.public_id), "public_id": str(uuid4())}
    signed_in(ada).post(at("comment", post), reply)
    page = text(client.get(at("post", post)))
    assert page.index("well said") < page.index("thanks")
    assert Comment.objects.get(text="thanks").parent == said
    assert client.post(at("comment", post), {**reply, "reply_to": "no"}).status_code in {302, 404}
    empty = client.post(at("comment", post), {"text": " ", "public_id": str(uuid4())})
    assert empty.status_code == 422


def test_only_those_whose_it_is_remove_a_comment(ada, ben):
    post = posting.publish_post(ada, text="x")
    said = commenting.add_comment(post, text="mine", by=ben)
    cho = person("cho", age_band="adult")
    assert signed_in(cho).post(at("remove_comment", said)).status_code == 404
    assert Comment.objects.exists()
    assert signed_in(ada).post(at("remove_comment", said)).status_code == 302
    assert not Comment.objects.exists()


def test_a_post_is_changed_and_taken_back_by_its_author_only(ada, ben):
    post = posting.publish_post(ada, text="before")
    assert signed_in(ben).post(at("edit", post), {"text": "theirs"}).status_code == 404
    assert signed_in(ben).post(at("remove", post)).status_code == 404
    signed_in(ada).post(at("edit", post), {"text": "after", "audience": "me"})
    post.refresh_from_db()
    assert (post.text, post.audience) == ("after", "me")
    assert signed_in(ben).get(at("post", post)).status_code == 404
    signed_in(ada).post(at("remove", post))
    assert not Post.objects.exists()


def test_a_private_page_shows_its_door_and_lets_in_by_request(ada):
    eve = private("eve")
    posting.publish_post(eve, text="behind the door")
    client = signed_in(ada)
    page = text(client.get(at("person", eve)))
    assert "This page is private" in page
    assert "behind the door" not in page
    assert client.get(at("followers", eve)).status_code == 404
    asked = client.post(at("follow", eve), **JSON)
    assert asked.json()["state"] == "asked"
    assert "Requested" in text(client.get(at("person", eve)))
    host = signed_in(eve)
    assert "Ada" in text(host.get(at("requests")))
    host.post(at("decide_request", ada), {"do": "accept"})
    assert "behind the door" in text(client.get(at("person", eve)))
    host.post(at("decide_request", ada), {"do": "refuse"})
    assert not Follow.objects.exists()


def test_blocked_people_do_not_exist_for_each_other(ada, ben):
    befriend(ada, ben)
    post = posting.publish_post(ben, text="gone soon")
    client = signed_in(ada)
    answer = client.post(at("block", ben))
    assert answer["Location"] == at("settings")
    for one, things in ((client, (ben, post)), (signed_in(ben), (ada,))):
        names = ("person", "post")
        for name, thing in zip(names, things, strict=False):
            assert one.get(at(name, thing)).status_code == 404
    assert "Ben" in text(client.get(at("settings")))
    client.post(at("block", ben), {"do": "undo"})
    assert client.get(at("person", ben)).status_code == 200


def test_muting_is_quiet_and_can_be_undone(ada, ben):
    following.follow_person(ben, by=ada)
    posting.publish_post(ben, text="a loud word")
    client = signed_in(ada)
    assert "a loud word" in text(client.get(at("timeline")))
    client.post(at("mute", ben))
    assert "a loud word" not in text(client.get(at("timeline")))
    assert "Ben" in text(client.get(at("settings")))
    client.post(at("mute", ben), {"do": "undo"})
    assert "a loud word" in text(client.get(at("timeline")))


def test_visitors_are_for_the_owner_and_can_be_switched_off(ada, ben):
    signed_in(ben).get(at("person", ada))
    assert "Who looked in" in text(signed_in(ada).get(at("person", ada)))
    assert "Ben" in text(signed_in(ada).get(at("visitors")))
    assert "Who looked in" not in text(signed_in(ben).get(at("person", ada)))
    signed_in(ada).post(at("change_visitors"), {"do": "undo"})
    assert "Ben" not in text(signed_in(ada).get(at("visitors")))


def test_the_timeline_goes_on_by_place_and_marks_what_was_seen(ada, ben):
    following.follow_person(ben, by=ada)
    for n in range(25):
        posting.publish_post(ben, text=f"word {n:02}")
    client = signed_in(ada)
    first = text(client.get(at("timeline")))
    assert "word 24" in first
    assert "word 04" not in first
    further = re.search(r'href="(\?before=\d+)"', first)[1]
    assert "word 04" in text(client.get(at("timeline") + further))
    posting.publish_post(ben, text="fresh")
    again = text(client.get(at("timeline")))
    assert again.index("fresh") < again.index("You have seen what follows") < again.index("word 24")
    assert client.get(f"{at('timeline')}?before=x").status_code == 200
    assert client.get(f"{at('timeline')}?before={9**30}").status_code == 200


def test_notifications_are_grouped_counted_and_marked_read(ada, ben):
    post = posting.publish_post(ada, text="liked by two")
    cho = person("cho", display_name="Cho", age_band="adult")
    for one in (ben, cho):
        signed_in(one).post(at("like", post))
    client = signed_in(ada)
    page = text(client.get(at("notifications")))
    assert "and 1 other" in page
    assert "liked your post" in page
    assert re.search(r"data-unread>\s*2", text(client.get("/")))
    upto = re.search(r'name="upto" value="(\d+)"', page)[1]
    client.post(at("read_notifications"), {"upto": upto})
    assert unread_count(ada) == 0
    assert client.post(at("read_notifications"), {"upto": "x"}).status_code == 302


def test_albums_are_seen_by_whom_they_are_for(ada, ben):
    mine = create_album(ada, "Mine", audience=Audience.ME)
    friends = create_album(ada, "Friends", audience=Audience.FOLLOWERS)
    everybody = create_album(ada, "Everybody's")
    for album in (mine, friends, everybody):
        move_photo(photo(ada), album, by=ada)
    client = signed_in(ben)

    def seen():
        return [client.get(at("album", one)).status_code for one in (mine, friends, everybody)]

    assert seen() == [404, 404, 200]
    following.follow_person(ada, by=ben)
    assert seen() == [404, 200, 200]
    assert client.post(at("edit_album", everybody), {"do": "remove"}).status_code == 404
    assert client.post(at("add_to_album", everybody), {"photo": picture()}).status_code == 404
    inside = everybody.photos.get()
    assert client.get(at("album_photo", everybody, inside)).status_code == 200
    assert client.get(at("album_photo", everybody, mine.photos.get())).status_code == 404
    assert client.post(at("change_photo", inside), {"do": "remove"}).status_code == 404
    assert Photo.objects.count() == 3


def test_an_album_is_made_filled_changed_and_deleted(ada):
    client = signed_in(ada)
    facts = {"title": "Walks", "about": "", "audience": "everyone"}
    client.post(at("new_album"), facts)
    album = Album.objects.get()
    client.post(at("add_to_album", album), {"photo": [picture()]})
    kept = album.photos.get()
    page = text(client.get(at("album", album)))
    assert at("album_photo", album, kept) in page
    client.post(at("change_photo", kept), {"do": "cover"})
    client.post(at("change_photo", kept), {"do": "portrait"})
    ada.refresh_from_db()
    assert (page_of(ada).cover, ada.avatar) == (kept, kept.public_id)
    client.post(at("edit_album", album), {**facts, "title": "Long walks"})
    assert Album.objects.get().title == "Long walks"
    assert client.post(at("edit_album", album), {**facts, "title": ""}).status_code == 422
    client.post(at("edit_album", album), {"do": "remove"})
    assert not Album.objects.exists()
    assert Photo.objects.count() == 1


def test_the_picture_beside_a_name_is_seen_on_a_private_door(ben):
    eve = private("eve")
    shown, hidden = photo(eve), photo(eve)
    eve.avatar = shown.public_id
    eve.save()
    assert list(visible_photos(ben)) == [shown]
    blocking.block_person(ben, by=eve)
    assert list(visible_photos(ben)) == []
    assert hidden in visible_photos(eve)


def test_the_page_has_words_music_and_a_door(ada):
    client = signed_in(ada)
    facts = {"about": "I count things.", "music": "willow", "is_private": "on"}
    client.post(at("settings"), facts)
    page = text(client.get(at("person", ada)))
    assert "I count things." in page
    assert 'data-music="willow"' in page
    assert page_of(ada).is_private
    assert client.post(at("settings"), {"music": "../etc"}).status_code == 422


def test_a_report_is_made_once_with_a_reason(ada, ben):
    post = posting.publish_post(ada, text="buy now")
    client = signed_in(ben)
    assert "Spam or a swindle" in text(client.get(at("report", "post", post)))
    assert client.post(at("report", "post", post), {}).status_code == 422
    for _again in range(2):
        client.post(at("report", "post", post), {"reason": "spam", "text": "look"})
    assert Report.objects.get().reason == "spam"
    assert signed_in(ada).post(at("report", "post", post), {"reason": "spam"}).status_code == 422
    for kind, thing in (
        ("person", ada),
        ("comment", commenting.add_comment(post, text="x", by=ada)),
    ):
        assert client.post(at("report", kind, thing), {"reason": "hate"}).status_code == 302
    assert client.get(f"/social/report/thing/{uuid4()}/").status_code == 404
    assert client.get(at("report", "post", uuid4())).status_code == 404


def test_the_author_learns_why_and_appeals_once(ada, ben):
    operator = person("operator", is_staff=True)
    post = posting.publish_post(ada, text="too much")
    row = reporting.report(post, reason="hate", by=ben)
    reporting.remove_reported(row, by=operator, because="Rule 3.")
    client = signed_in(ada)
    assert "Rule 3." in text(client.get(at("removed")))
    assert "Why, and appeal" in text(client.get(at("post", post)))
    assert client.post(at("appeal", "post", post), {"text": ""}).status_code == 422
    client.post(at("appeal", "post", post), {"text": "It was a joke."})
    row.refresh_from_db()
    assert row.appeal == "It was a joke."
    assert "It is being read." in text(client.get(at("removed")))
    assert signed_in(ben).get(at("appeal", "post", post)).status_code == 404
    assert signed_in(ben).get(at("post", post)).status_code == 404


def test_search_finds_posts_and_people(ada, ben):
    posting.publish_post(ada, text="a heron on the canal")
    client = signed_in(ben)
    assert "a heron on the canal" in text(client.get(f"{at('search')}?q=heron"))
    people = text(client.get(f"{at('search')}?q=ada&kind=people"))
    assert at("person", ada) in people
    assert "Nothing found" in text(client.get(f"{at('search')}?q=zebra"))
    assert client.get(f"{at('search')}?q=x&before=nowhere").status_code == 404
    assert "heron" in text(Client().get(f"{at('search')}?q=heron"))


def test_a_card_and_a_gift_are_drawn_by_their_service(ada, ben):
    def render(ref, viewer, lang):
        return cards.Card(title=f"{SCRIPT} {ref}", url="/race/", action="Race it")

    cards.register("costume", render=render, may_post=lambda person, ref: True)
    post = posting.publish_post(ada, card_kind="costume", card_ref="hat")
    page = text(signed_in(ben).get(at("post", post)))
    assert f"{ESCAPED} hat" in page
    assert 'href="/race/"' in page
    assert at("gift", ada) in text(signed_in(ben).get(at("person", ada)))
    signed_in(ben).post(at("gift", ada), {"costume": "hat", "message": "for the rain"})
    assert gifts.gifts_of(ada).get().message == "for the rain"
    assert "for the rain" in text(signed_in(ada).get(at("person", ada)))
    assert signed_in(ben).get(f"{at('gift', ada)}?costume=hat").status_code == 200


def test_the_pages_speak_chinese(ada, ben):
    post = posting.publish_post(ada, text="x")
    commenting.add_comment(post, text="y", by=ben)
    client = signed_in(ada)
    client.cookies["django_language"] = "zh-hans"
    ada.preferred_language = "zh-hans"
    ada.save()
    for address, words in (
        (at("timeline"), "动态"),
        (at("post", post), "评论"),
        (at("notifications"), "评论了你的"),
        (at("settings"), "背景音乐"),
    ):
        assert words in text(client.get(address, HTTP_ACCEPT_LANGUAGE="zh-hans")), address
