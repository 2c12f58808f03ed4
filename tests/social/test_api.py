"""Social over HTTP: who comes in by what, what they may do, and what is said when they may not."""

import hashlib
import json
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from moongate.accounts.models import User
from moongate.social import api_tokens, search
from moongate.social.errors import SocialError
from moongate.social.models import ApiToken, Block, Comment, Page, Photo, Post

API = "/api/social"
NOTHING = {"reason", "mend"}


@pytest.fixture(autouse=True)
def fresh(db):
    cache.clear()
    search.prepare()


def member(name, **more):
    return User.objects.create_user(name, password=None, age_band="adult", **more)


@pytest.fixture
def ada():
    return member("ada")


@pytest.fixture
def bao():
    return member("bao")


class Program:
    """Somebody who comes in by a token."""

    def __init__(self, person, *scopes):
        issued = api_tokens.issue_token(
            person, name="a program", scopes=scopes or api_tokens.SCOPES, days=7
        )
        self.token, self.secret = issued.token, issued.secret

    def ask(self, method, path, body=None, **query):
        return Client(enforce_csrf_checks=True).generic(
            method,
            API + path,
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}"},
            query_params=query,
        )

    def get(self, path, **query):
        answer = self.ask("GET", path, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def send(self, method, path, body=None, status=200):
        answer = self.ask(method, path, body)
        assert answer.status_code == status, answer.content
        return answer.json()

    def post(self, text="hello", **more):
        return self.send("POST", "/posts", {"text": text, **more}, 201)


def photo_of(person):
    size = {"name": "320", "format": "jpg", "width": 320, "height": 200, "bytes": 9}
    return Photo.objects.create(
        owner=person,
        alt="a kite",
        width=320,
        height=200,
        sizes=[size],
        blurhash="L00000",
        sha256="0" * 64,
    )


def test_a_browser_comes_in_by_its_session_and_proves_where_it_comes_from(ada):
    client = Client(enforce_csrf_checks=True)
    assert client.get(f"{API}/me").status_code == 401
    client.force_login(ada)
    assert client.get(f"{API}/me").json() == {
        "id": str(ada.public_id),
        "name": "ada",
        "unread": 0,
        "new_posts": 0,
    }
    post = {"data": {"text": "hello"}, "content_type": "application/json"}
    refused = client.post(f"{API}/posts", **post)
    assert refused.status_code == 403
    assert refused.json()["reason"] == "The request does not prove that it comes from this site."
    assert not Post.objects.exists()
    client.cookies["csrftoken"] = "a" * 32
    assert client.post(f"{API}/posts", headers={"X-CSRFToken": "a" * 32}, **post).status_code == 201


def test_nobody_and_guests_are_told_to_come_in(db):
    guest = member("guest", is_guest=True)
    client = Client()
    client.force_login(guest)
    answer = client.get(f"{API}/timeline")
    assert answer.status_code == 401
    assert set(answer.json()) == NOTHING
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_token_is_told_once_kept_as_a_hash_and_notes_its_use(ada):
    client = Client()
    client.force_login(ada)
    wanted = {"name": "my <b>script</b>", "scopes": ["read", "read"], "days": 30}
    issued = client.post(f"{API}/tokens", wanted, content_type="application/json")
    assert issued.status_code == 201
    secret = issued.json()["secret"]
    token = ApiToken.objects.get()
    assert token.sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert (token.scopes, token.last_used) == (["read"], None)
    listed = client.get(f"{API}/tokens").json()
    assert [(one["name"], "secret" in one) for one in listed] == [("my <b>script</b>", False)]
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get(f"{API}/me", headers=headers).json()["name"] == "ada"
    token.refresh_from_db()
    used = token.last_used
    assert used is not None
    Client().get(f"{API}/me", headers=headers)
    token.refresh_from_db()
    assert token.last_used == used


def test_a_token_opens_nothing_once_it_is_over(ada):
    program = Program(ada)
    program.get("/me")
    ApiToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert program.ask("GET", "/me").status_code == 401
    ApiToken.objects.update(expires=timezone.now() + timedelta(days=1))
    program.get("/me")
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert program.ask("GET", "/me").status_code == 401
    User.objects.filter(pk=ada.pk).update(is_active=True)
    assert api_tokens.revoke_token(program.token.public_id, by=ada) is True
    assert api_tokens.revoke_token(program.token.public_id, by=ada) is False
    assert program.ask("GET", "/me").status_code == 401


def test_a_bad_token_is_not_made_good_by_a_cookie(ada):
    client = Client()
    client.force_login(ada)
    answer = client.get(f"{API}/me", headers={"Authorization": "Bearer mgt_wrong"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("read", "GET", "/timeline"),
        ("read", "GET", "/search?q=a"),
        ("post", "POST", "/posts"),
        ("post", "PUT", "/posts/{id}/like"),
        ("follow", "PUT", "/people/{id}/follow"),
        ("follow", "PUT", "/people/{id}/block"),
        ("report", "POST", "/reports"),
    ],
)
def test_a_scope_that_is_lacking_is_named(ada, scope, method, path):
    others = [other for other in api_tokens.SCOPES if other != scope]
    path = path.format(id=uuid.uuid4())
    answer = Program(ada, *others).ask(method, path, {} if method == "POST" else None)
    assert answer.status_code == 403
    assert answer.json() == {
        "reason": f"This token lacks the scope “{scope}”.",
        "mend": "Make a token that has it.",
    }
    assert Program(ada, scope).ask(method, path, None).status_code in {200, 404, 422}


def test_a_token_makes_and_shows_no_tokens(ada):
    program = Program(ada)
    wanted = {"name": "more", "scopes": ["read"]}
    assert program.ask("POST", "/tokens", wanted).status_code == 401
    assert program.ask("GET", "/tokens").status_code == 401
    assert ApiToken.objects.count() == 1


def test_somebody_elses_token_is_not_found_and_stays(ada, bao):
    program = Program(ada)
    client = Client()
    client.force_login(bao)
    assert client.get(f"{API}/tokens").json() == []
    assert client.delete(f"{API}/tokens/{program.token.public_id}").status_code == 404
    program.get("/me")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " \n\x00"}, "name: a token needs a name."),
        ({"name": "x" * 61}, "name: 61 characters; at most 60 are taken."),
        ({"scopes": []}, "scopes: choose among read, post, follow, report."),
        ({"scopes": ["admin"]}, "scopes: choose among read, post, follow, report."),
        ({"days": 0}, "days: must be from 1 to 365 (received: 0)."),
        ({"days": 366}, "days: must be from 1 to 365 (received: 366)."),
    ],
)
def test_a_token_that_cannot_be_made_says_why(ada, changed, words):
    wanted = {"name": "x", "scopes": ["read"], "days": 1, **changed}
    with pytest.raises(SocialError) as refused:
        api_tokens.issue_token(ada, **wanted)
    assert refused.value.reason.startswith(words)
    assert not ApiToken.objects.exists()


def test_a_person_has_so_many_tokens_and_no_more(ada):
    for _ in range(api_tokens.TOKENS_MAX):
        api_tokens.issue_token(ada, name="x", scopes=["read"], days=1)
    with pytest.raises(SocialError, match="You have 20 tokens already"):
        api_tokens.issue_token(ada, name="x", scopes=["read"], days=1)
    ApiToken.objects.filter(pk=ApiToken.objects.first().pk).update(revoked=timezone.now())
    api_tokens.issue_token(ada, name="x", scopes=["read"], days=1)


def test_a_post_with_photos_is_made_read_changed_and_taken_back(ada, bao):
    mine, theirs = Program(ada), Program(bao)
    photo = photo_of(ada)
    made = mine.post("<script>alert(1)</script> 苹果派", photos=[str(photo.public_id)])
    assert made["text"] == "<script>alert(1)</script> 苹果派"
    assert made["author"] == {"id": str(ada.public_id), "name": "ada"}
    assert made["photos"][0]["alt"] == "a kite"
    assert made["photos"][0]["sizes"][0]["url"] == f"/social/photos/{photo.public_id}/320.jpg"
    path = f"/posts/{made['id']}"
    answer = theirs.ask("GET", path)
    assert answer.json() == made
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert mine.send("PATCH", path, {"text": "better"})["text"] == "better"
    assert theirs.ask("PATCH", path, {"text": "worse"}).status_code == 404
    assert theirs.ask("DELETE", path).status_code == 404
    assert mine.send("PATCH", path, {"audience": "me"})["audience"] == "me"
    assert theirs.ask("GET", path).status_code == 404
    assert mine.send("DELETE", path) == {"changed": True}
    assert mine.ask("GET", path).status_code == 404


def test_the_same_post_sent_again_is_the_same_post(ada):
    program, given = Program(ada), str(uuid.uuid4())
    assert program.post("once", id=given) == program.post("once", id=given)
    assert Post.objects.count() == 1


def test_somebody_elses_photo_is_not_found_whether_it_is_there_or_not(ada, bao):
    program = Program(ada)
    answers = [
        program.ask("POST", "/posts", {"photos": [str(photo)]})
        for photo in (photo_of(bao).public_id, uuid.uuid4())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert not Post.objects.exists()


def test_the_timeline_comes_in_pages(ada, bao):
    mine, theirs = Program(ada), Program(bao)
    mine.send("PUT", f"/people/{bao.public_id}/follow")
    made = [theirs.post(f"post {i}")["id"] for i in range(5)]
    assert mine.get("/me")["new_posts"] == 5
    seen, before = [], {}
    for size in (2, 2, 1):
        page = mine.get("/timeline", limit=2, **before)
        assert len(page["items"]) == size
        seen += [post["id"] for post in page["items"]]
        before = {"before": page["next"]}
    assert (seen, page["next"]) == (made[::-1], None)
    mine.send("PUT", "/timeline/seen", {"post": made[-1]})
    assert mine.get("/me")["new_posts"] == 0
    assert [post["id"] for post in mine.get(f"/people/{bao.public_id}/posts")["items"]] == seen


def test_comments_and_likes_are_counted_and_taken_back(ada, bao):
    mine, theirs = Program(ada), Program(bao)
    post = mine.post()
    path = f"/posts/{post['id']}"
    said = theirs.send("POST", f"{path}/comments", {"text": "nice"}, 201)
    answer = mine.send("POST", f"{path}/comments", {"text": "ta", "reply_to": said["id"]}, 201)
    assert (said["reply_to"], answer["reply_to"]) == (None, said["id"])
    assert theirs.send("PUT", f"{path}/like") == {"changed": True}
    assert theirs.send("PUT", f"{path}/like") == {"changed": False}
    now = theirs.get(path)
    assert (now["likes"], now["comments"], now["is_liked"]) == (1, 2, True)
    listed = theirs.get(f"{path}/comments", limit=1)
    assert [one["text"] for one in listed["items"]] == ["nice"]
    rest = theirs.get(f"{path}/comments", limit=1, after=listed["next"])
    assert ([one["text"] for one in rest["items"]], rest["next"]) == (["ta"], None)
    stranger = Program(member("cyd"))
    assert stranger.ask("DELETE", f"/comments/{said['id']}").status_code == 404
    assert Comment.objects.count() == 2
    assert theirs.send("DELETE", f"{path}/like") == {"changed": True}
    assert theirs.send("DELETE", f"/comments/{said['id']}") == {"changed": True}
    now = mine.get(path)
    assert (now["likes"], now["comments"]) == (0, 1)
    # The answer to it stays, below an empty place.
    listed = mine.get(f"{path}/comments")["items"]
    assert [(one["author"] is None, one["text"]) for one in listed] == [(True, ""), (False, "ta")]
    assert listed[0]["id"] == listed[1]["reply_to"] == said["id"]


def test_a_private_page_lets_in_whom_its_owner_lets_in(ada, bao):
    Page.objects.create(owner=bao, is_private=True, about="secret")
    mine, theirs = Program(ada), Program(bao)
    post = theirs.post("for my followers", audience="followers")
    person = f"/people/{bao.public_id}"
    assert mine.get(person)["about"] == ""
    assert mine.send("PUT", f"{person}/follow") == {"accepted": False}
    assert mine.get(person)["you"] == {"follow": "asked", "follows_you": False, "mute": False}
    assert mine.ask("GET", f"/posts/{post['id']}").status_code == 404
    assert mine.ask("GET", f"{person}/followers").status_code == 404
    (asking,) = theirs.get("/requests")
    assert theirs.send("PUT", f"/requests/{asking['id']}") == {"accepted": True}
    assert mine.get(f"/posts/{post['id']}")["text"] == "for my followers"
    assert mine.get(person)["about"] == "secret"
    assert [one["name"] for one in mine.get(f"{person}/followers")["items"]] == ["ada"]
    assert [one["name"] for one in mine.get(f"/people/{ada.public_id}/following")["items"]] == [
        "bao"
    ]
    assert theirs.send("DELETE", f"/followers/{ada.public_id}") == {"changed": True}
    assert mine.ask("GET", f"/posts/{post['id']}").status_code == 404


def test_who_is_blocked_finds_nothing_of_the_other_until_the_block_is_lifted(ada, bao):
    mine, theirs = Program(ada), Program(bao)
    post = mine.post("a lantern")
    person, me = f"/people/{bao.public_id}", f"/people/{ada.public_id}"
    assert mine.send("PUT", f"{person}/block") == {"changed": True}
    assert mine.send("PUT", f"{person}/block") == {"changed": False}
    for path in (me, f"{me}/posts", f"/posts/{post['id']}"):
        answer = theirs.ask("GET", path)
        assert answer.status_code == 404
        assert set(answer.json()) == NOTHING
    assert theirs.get("/search", q="lantern")["items"] == []
    assert theirs.ask("PUT", f"{me}/follow").status_code == 404
    assert theirs.ask("PUT", f"/people/{uuid.uuid4()}/block").status_code == 404
    assert [one["name"] for one in mine.get("/blocked")["items"]] == ["bao"]
    assert mine.send("DELETE", f"{person}/block") == {"changed": True}
    # Who was blocked may block as well, and both blocks are lifted by whoever set them.
    assert theirs.send("PUT", f"{me}/block") == {"changed": True}
    assert mine.send("DELETE", f"{person}/block") == {"changed": False}
    assert mine.ask("GET", person).status_code == 404
    assert theirs.send("DELETE", f"{me}/block") == {"changed": True}
    assert not Block.objects.exists()
    assert theirs.get(f"/posts/{post['id']}")["text"] == "a lantern"


def test_muting_is_between_you_and_the_house(ada, bao):
    mine = Program(ada)
    person = f"/people/{bao.public_id}"
    assert mine.send("PUT", f"{person}/mute") == {"changed": True}
    assert mine.get(person)["you"]["mute"] is True
    assert "mute" not in str(Program(bao).get("/notifications"))
    assert mine.send("DELETE", f"{person}/mute") == {"changed": True}


def test_notifications_are_read_and_marked(ada, bao):
    mine, theirs = Program(ada), Program(bao)
    post = mine.post()
    theirs.send("PUT", f"/posts/{post['id']}/like")
    theirs.send("PUT", f"/people/{ada.public_id}/follow")
    assert mine.get("/me")["unread"] == 2
    page = mine.get("/notifications", limit=1)
    rest = mine.get("/notifications", limit=1, before=page["next"])
    kinds = [one["kind"] for one in page["items"] + rest["items"]]
    assert (kinds, rest["next"]) == (["follow", "like"], None)
    assert rest["items"][0]["post"] == post["id"]
    assert rest["items"][0]["people"] == [{"id": str(bao.public_id), "name": "bao"}]
    assert mine.send("PUT", "/notifications/read", {"upto": page["items"][0]["id"]}) == {
        "changed": True
    }
    assert mine.get("/me")["unread"] == 0


def test_search_answers_with_the_place_of_what_was_found(ada, bao):
    Program(bao).post("今天做了苹果派 <b>")
    hits = Program(ada).get("/search", q="苹果")
    (hit,) = hits["items"]
    start, end = hit["snippet"]["ranges"][0]
    assert hit["snippet"]["text"][start:end] == "苹果"
    assert (hit["post"]["text"], hit["person"], hits["next"]) == ("今天做了苹果派 <b>", None, None)
    search.index(bao)
    (hit,) = Program(ada).get("/search", q="bao", kind="people")["items"]
    assert (hit["person"]["name"], hit["post"]) == ("bao", None)
    bad = Program(ada).ask("GET", "/search", q="a", before="nowhere")
    assert bad.status_code == 422
    assert bad.json()["reason"] == "“before” does not name a place in what was found."


@pytest.mark.parametrize("kind", ["post", "comment", "photo", "person"])
def test_a_thing_is_reported_once_and_only_when_it_is_seen(ada, bao, kind):
    mine, theirs = Program(ada), Program(bao)
    photo = photo_of(bao)
    post = theirs.post(photos=[str(photo.public_id)])
    said = theirs.send("POST", f"/posts/{post['id']}/comments", {"text": "mm"}, 201)
    ids = {
        "post": post["id"],
        "comment": said["id"],
        "photo": str(photo.public_id),
        "person": str(bao.public_id),
    }
    wanted = {"kind": kind, "id": ids[kind], "reason": "spam", "text": "look"}
    report = mine.send("POST", "/reports", wanted, 201)
    assert report["decision"] == "open"
    assert mine.send("POST", "/reports", wanted, 201) == report
    assert mine.ask("POST", "/reports", {**wanted, "id": str(uuid.uuid4())}).status_code == 404
    theirs.send("PATCH", f"/posts/{post['id']}", {"audience": "me"})
    Block.objects.create(blocker=bao, blocked=ada)
    assert mine.ask("POST", "/reports", wanted).status_code == 404


def test_too_much_in_a_short_time_is_asked_to_wait(ada, settings):
    settings.SOCIAL_LIMITS = {"search": (2, 60), "api": (4, 600)}
    program = Program(ada)
    answers = [program.ask("GET", "/search", q="a") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    wait = answers[-1].json()["retry_after_s"]
    assert (answers[-1]["Retry-After"], 1 <= wait <= 60) == (str(wait), True)
    assert [program.ask("GET", "/me").status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/posts/not-an-id", None, 422),
        ("GET", "/timeline?before=-1", None, 422),
        ("GET", f"/timeline?before={2**63}", None, 422),
        ("GET", "/timeline?limit=1000", None, 422),
        ("GET", f"/search?q={'a' * 201}", None, 422),
        ("POST", "/posts", {"text": "x" * 2001}, 422),
        ("POST", "/posts", {"text": "\x00 \n"}, 422),
        ("POST", "/posts", {}, 422),
        ("POST", "/posts", {"text": "x", "audience": "world"}, 422),
        ("POST", "/posts", {"text": "x", "card_kind": "nothing", "card_ref": "y"}, 422),
        ("POST", "/posts", [], 422),
        ("GET", "/nothing", None, 404),
    ],
)
def test_what_is_malformed_is_told_what_is_wrong(ada, method, path, body, status):
    answer = Program(ada).ask(method, path, body)
    assert answer.status_code == status
    if path != "/nothing":
        assert set(answer.json()) == NOTHING
    assert not Post.objects.exists()


def test_a_body_that_is_no_json_is_refused(ada):
    program = Program(ada)
    answer = Client().post(
        f"{API}/posts",
        b"{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.secret}"},
    )
    assert answer.status_code == 400
    assert set(answer.json()) == NOTHING


def test_refusals_speak_the_readers_language(ada):
    answer = Client().get(f"{API}/me", headers={"Accept-Language": "zh-hans"})
    assert set(answer.json()) == NOTHING
    assert answer["Content-Language"] == "zh-hans"


def test_the_api_describes_itself(db):
    answer = Client().get(f"{API}/openapi.json")
    description = answer.json()
    assert description["info"]["title"] == "Moongate social"
    assert set(description["components"]["securitySchemes"]) == {"Token", "Session"}
    assert Client().get(f"{API}/docs", follow=True).status_code == 200
