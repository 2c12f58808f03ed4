"""Finding posts and people in both languages, by those who may see them, whatever is typed."""

import base64
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from moongate.accounts.models import User
from moongate.social import search
from moongate.social.models import Audience, Block, Follow, Page, Post, SearchEntry, State
from moongate.social.search import receivers  # noqa: F401
from moongate.social.search.base import Place
from moongate.social.search.tokens import (
    SNIPPET_MAX,
    index_text,
    parse_query,
    snippet,
    terms_of,
)

quickly = hypothesis_settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SCRIPTS = st.text(
    st.sampled_from(
        "aBcé09 _-'\"*():^{}\\\x00\u0301\u200d苹果派國国山，。カタｶﾅ한국ﬁＡ½🏎️🎉Ωßİ\n\u2028"
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)


@pytest.fixture(autouse=True)
def prepared(db):
    search.prepare()


def person(name, **more):
    return User.objects.create_user(name, password=None, **more)


def say(author, text, **more):
    post = Post.objects.create(author=author, text=text, **more)
    search.index(post)
    return post


def texts(query, viewer=None, **more):
    return [hit.thing.text for hit in search.search(query, viewer, **more).hits]


def names(query, viewer=None):
    return [hit.thing.display_name for hit in search.search(query, viewer, "people").hits]


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bao():
    return person("bao")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Racing round London at dusk", "race"),
        ("Racing round London at dusk", "LONDON"),
        ("Racing round London at dusk", "lond"),
        ("Racing round London at dusk", "dusk racing"),
        ("A café in Kraków", "cafe krakow"),
        ("A cafe\u0301 in Krako\u0301w", "café"),
        ("今天做了苹果派，很好吃", "苹果派"),
        ("今天做了苹果派，很好吃", "果派"),
        ("今天做了苹果派，很好吃", "派"),
        ("今天做了苹果派，很好吃", "今"),
        ("中國的月門", "中国 月门"),
        ("中国的月门", "月門"),
        ("我的iPhone手机丢了", "iphone"),
        ("我的iPhone手机丢了", "手机"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full width"),
        ("桜の花が咲いた", "の花"),
        ("Straße 9", "strasse"),
        ("x" * 100, "x" * 100),
    ],
)
def test_what_was_written_is_found(ada, text, query):
    say(ada, text)
    assert texts(query) == [text]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Racing round London", "paris"),
        ("Racing round London", "london paris"),
        ("果园里的苹树", "苹果"),
        ("苹果，派", "果派"),
        ("hello", "ello"),
    ],
)
def test_what_was_not_written_is_not_found(ada, text, query):
    say(ada, text)
    assert texts(query) == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        '"',
        '""""',
        "'",
        "*",
        "NEAR",
        "NEAR(a b, 2)",
        "AND OR NOT",
        "a AND",
        "terms:a",
        "-a",
        "^a",
        "a" * 10_000,
        "苹" * 10_000,
        "a " * 5_000,
        "!?…，。",
        "🎉🏎️👩‍👩‍👧",
        "\x00",
        "a\x00b",
        "'; DROP TABLE social_post; --",
        "% _ \\",
        "%s %(x)s {column}",
        "\ud800",
        "{a}:b",
        "1e5",
        "İ",
    ],
)
@pytest.mark.parametrize("kind", ["posts", "people"])
def test_any_query_is_answered(ada, query, kind):
    say(ada, "NEAR and far")
    assert isinstance(search.search(query, ada, kind).hits, list)
    assert Post.objects.count() == 1


def test_words_that_mean_something_to_the_database_are_words(ada):
    say(ada, "near and far")
    say(ada, "not this or that")
    assert texts("NEAR") == ["near and far"]
    assert texts("NOT OR") == ["not this or that"]


@given(text=SCRIPTS, query=SCRIPTS)
@quickly
def test_no_text_and_no_query_raise(db, text, query):
    author = person(f"p{User.objects.count()}x{Post.objects.count()}")
    post = Post(author=author, text=text.replace("\x00", ""))
    post.save()
    search.index(post)
    for hit in search.search(query).hits:
        shown = hit.snippet
        assert len(shown.text) <= SNIPPET_MAX
        assert "".join(piece for piece, _ in shown.parts()) == shown.text


@given(text=SCRIPTS, data=st.data())
@quickly
def test_every_piece_of_wide_text_and_every_beginning_of_a_word_is_found(db, text, data):
    text = text.replace("\x00", "")
    terms = list(terms_of(text))
    if not terms:
        return
    term = data.draw(st.sampled_from(terms))
    author = person(f"q{User.objects.count()}x{Post.objects.count()}")
    post = say(author, text)
    query = text[term.start : term.end]
    assert post.pk in {hit.thing.pk for hit in search.search(query, author).hits} or (
        Post.objects.count() > search.asking.PAGE
    )
    found = snippet(text, parse_query(query))
    assert found.ranges


@given(SCRIPTS)
def test_terms_have_no_sign_that_a_database_reads(text):
    written = index_text(text)
    assert re.fullmatch(r"[ a-z0-9\u0080-\U0010ffff]*", written)
    for term in terms_of(text):
        assert 0 <= term.start < term.end <= len(text)


@given(text=SCRIPTS, query=SCRIPTS)
def test_a_snippet_marks_places_inside_itself_without_overlap(text, query):
    shown = snippet(text, parse_query(query))
    ends = [0]
    for start, end in shown.ranges:
        assert ends[-1] <= start < end <= len(shown.text)
        ends.append(end)


def test_a_snippet_shows_the_place_and_what_was_looked_for():
    text = f"{'a few words before ' * 20}<b>苹果派</b> and races{' after' * 60}"
    shown = snippet(text, parse_query("苹果 race"))
    marked = [piece for piece, is_found in shown.parts() if is_found]
    assert marked == ["苹果", "races"]
    assert (shown.cut_before, shown.cut_after) == (True, True)
    assert re.match(r"\w+ ", shown.text)
    assert "<b>" in shown.text


def test_only_what_the_viewer_may_see_is_found(ada, bao):
    say(ada, "picnic for all")
    say(ada, "picnic for friends", audience=Audience.FOLLOWERS)
    say(ada, "picnic for me", audience=Audience.ME)
    say(ada, "picnic waiting", state=State.HELD)
    assert texts("picnic") == ["picnic for all"]
    assert texts("picnic", bao) == ["picnic for all"]
    Follow.objects.create(follower=bao, followed=ada)
    assert sorted(texts("picnic", bao)) == ["picnic for all", "picnic for friends"]
    assert len(texts("picnic", ada)) == 4
    Block.objects.create(blocker=ada, blocked=bao)
    assert texts("picnic", bao) == []


def test_what_is_changed_removed_or_deleted_is_found_no_more(ada):
    post = say(ada, "a red kite")
    post.text = "a blue kite"
    post.save()
    search.index(post)
    assert (texts("red"), texts("blue")) == ([], ["a blue kite"])
    search.remove(post)
    search.remove(post)
    assert texts("blue") == []
    search.index(post)
    ada.delete()
    assert texts("kite") == []
    assert not SearchEntry.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite's own index")
def test_nothing_of_a_deleted_post_stays_in_the_index(ada):
    say(ada, "a secret kite")
    ada.delete()
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, social_search, row)")
        cursor.execute("SELECT count(*) FROM temp.words")
        assert cursor.fetchone() == (0,)
        cursor.execute("INSERT INTO social_search(social_search) VALUES ('integrity-check')")
        cursor.execute("DROP TABLE temp.words")


def test_a_post_without_words_has_no_entry(ada):
    say(ada, "🎉🎉")
    assert not SearchEntry.objects.filter(person=None).exists()


def test_people_are_found_by_name_and_never_by_username(bao):
    chen = person("cx_secret", display_name="陈晓 Chen")
    Page.objects.create(owner=chen, about="I race karts")
    shy = person("shy", display_name="Shy Heron")
    Page.objects.create(owner=shy, about="I race too", is_private=True)
    guest = person("guest-1", display_name="Jade Heron", is_guest=True)
    for someone in (chen, shy, guest):
        search.index(someone)
    assert names("晓") == names("chen") == names("kart") == names("race") == ["陈晓 Chen"]
    assert names("secret") == []
    assert names("heron") == ["Shy Heron"]
    Block.objects.create(blocker=chen, blocked=bao)
    assert names("chen", bao) == []
    User.objects.filter(pk=chen.pk).update(is_active=False)
    assert names("chen") == []


def test_people_are_found_by_what_they_are_called_now_and_only_who_wants_to_be():
    chen = person("chen", display_name="Jade Heron", name_chinese="陈晓", name_latin="Chen Xiao")
    assert names("heron") == names("陈晓") == names("xiao") == ["Jade Heron"]
    chen.display_name = "Red Kite"
    chen.save(update_fields=["display_name"])
    assert (names("heron"), names("kite")) == ([], ["Red Kite"])
    page = Page.objects.create(owner=chen, about="I fold paper")
    assert names("paper") == ["Red Kite"]
    page.is_private = True
    page.save()
    assert names("paper") == []
    chen.is_findable = False
    chen.save()
    assert names("kite") == []
    assert not SearchEntry.objects.exists()
    guest = person("guest-2", display_name="Ivory Swift", is_guest=True)
    assert names("swift") == []
    guest.is_guest = False
    guest.save()
    assert names("swift") == ["Ivory Swift"]


def test_a_sign_in_writes_nothing_to_the_search(django_assert_num_queries):
    chen = person("chen")
    with django_assert_num_queries(1):
        chen.save(update_fields=["last_login"])


def test_who_asks_not_to_be_found_is_not_even_by_an_old_entry():
    chen = person("chen", display_name="Jade Heron")
    search.index(chen)
    User.objects.filter(pk=chen.pk).update(is_findable=False)
    assert names("heron") == []


def test_of_two_alike_the_newer_stands_first_and_of_two_ages_the_better(ada):
    now = timezone.now()
    say(ada, "regatta at noon", created=now - timedelta(days=400))
    say(ada, "regatta at dusk", created=now)
    for _ in range(20):
        say(ada, "something else about the river")
    assert texts("regatta") == ["regatta at dusk", "regatta at noon"]


def test_pages_show_everything_once_in_one_order(ada):
    posts = {say(ada, f"lantern number {i % 7}" + " word" * (i % 5)).pk for i in range(47)}
    seen, place, pages = [], None, 0
    while place is not None or not pages:
        page = search.search("lantern", None, "posts", place, limit=10)
        seen += [hit.thing.pk for hit in page.hits]
        place = page.next
        pages += 1
    assert (len(seen), set(seen), pages) == (47, posts, 5)


def test_a_page_goes_on_past_much_that_the_viewer_may_not_see(ada, monkeypatch):
    monkeypatch.setattr(search.asking, "BATCH", 5)
    monkeypatch.setattr(search.asking, "ROUNDS", 2)
    say(ada, "lantern for all")
    for _ in range(30):
        say(ada, "lantern", audience=Audience.ME)
    seen, place, pages = [], None, 0
    while place is not None or not pages:
        page = search.search("lantern", None, "posts", place)
        seen += [hit.thing.text for hit in page.hits]
        place = page.next
        pages += 1
    assert seen == ["lantern for all"]
    assert pages == 4


@given(st.text(max_size=40))
def test_a_place_that_is_none_is_refused(text):
    try:
        place = Place.parse(text)
    except search.CursorError:
        return
    assert Place.parse(str(place)) == place


@pytest.mark.parametrize("plain", ["1:nan:1", "1:inf:1", "-1:0x1p0:1", f"1:0x1p0:{2**70}", "1:1"])
def test_a_place_out_of_bounds_is_refused(plain):
    with pytest.raises(search.CursorError):
        Place.parse(base64.urlsafe_b64encode(plain.encode()).decode().rstrip("="))


def test_rebuilding_makes_every_entry_anew(ada, bao, monkeypatch):
    monkeypatch.setattr(search.entries, "BATCH", 2)
    for i in range(5):
        say(ada, f"kite {i}")
    SearchEntry.objects.all().delete()
    Post.objects.create(author=bao, text="kite of old")
    told = []
    assert search.rebuild(told.append) == 8
    assert told == [2, 4, 6, 8]
    assert len(texts("kite")) == 6
    assert names("bao") == ["bao"]
    assert search.rebuild() == 8
    assert len(texts("kite")) == 6
