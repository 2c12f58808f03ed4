"""A replay posted by one person, played from the post by another, and its ghost raced."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from moongate.race.catalogue import courses
from moongate.race.drivers.driver import drive_race
from moongate.race.replay import encode, record_inputs
from tests.browser.accessible import faults
from tests.browser.test_accounts import sign_up
from tests.browser.test_first_lap import post_replay
from tests.browser.test_social import clean, tell_age

READY_MS = 90_000
READY = "() => window.moongateWatch !== undefined"
TWO_FRAMES = (
    "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
)
LOOK = "() => ({ ...window.moongateWatch.state })"


@pytest.fixture(scope="module")
def driven() -> bytes:
    """A finished race on the first course, as nobody has driven it yet."""
    course = next(iter(courses().values()))
    race = drive_race(course.track, course.laps, level=0.8, boost=True, seed=4711)
    return encode(record_inputs(course.track, race.inputs, laps=course.laps))


def look(frame: Frame | Page) -> dict:
    return frame.evaluate(LOOK)


def player_in(page: Page) -> Frame:
    """The player that the post has opened, once it runs."""
    page.locator("dialog.player iframe").wait_for()
    frame = page.locator("dialog.player iframe").element_handle().content_frame()
    frame.wait_for_function(READY, timeout=READY_MS)
    return frame


def wait_until(page: Page, asked: Callable[[], bool], what: str) -> None:
    for _ in range(300):
        if asked():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"it did not come to this: {what}")


def test_one_posts_a_replay_and_another_plays_it_and_races_its_ghost(page_at, shots, driven):
    complaints: list[str] = []
    ada, ben = page_at("phone", "en"), page_at("phone", "zh-hans")
    for page in (ada, ben):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    ada_name = sign_up(ada)
    sign_up(ben)
    tell_age(ada)
    tell_age(ben)

    entered = post_replay(ada, driven)
    assert entered.status == 201
    record = entered.json()["id"]
    ada.goto(f"/race/records/{record}/")
    ada.get_by_role("link", name="Post this replay").click()
    card = ada.locator(".composer .card")
    expect(card).to_contain_text(ada_name)
    ada.locator("#id_text").fill("Nearly flat out over the bridge.")
    clean(ada)
    ada.screenshot(path=shots / "replay-compose-phone-en.png")
    ada.locator(".composer button[type=submit]").click()
    ada.locator(".message-success").wait_for()
    expect(ada.locator(".post .card").first).to_contain_text("2 laps")

    ben.goto("/social/everybody/")
    post = ben.locator(".post", has_text="Nearly flat out")
    expect(post.locator(".card")).to_contain_text(ada_name)
    assert post.locator(".card img").evaluate("image => image.decode().then(() => true)")
    clean(ben)
    ben.screenshot(path=shots / "replay-post-phone-zh-hans.png")
    here = ben.url
    post.get_by_role("link", name="播放").click()
    frame = player_in(ben)
    plays_and_seeks(ben, frame)
    ben.screenshot(path=shots / "replay-playing-phone-zh-hans.png")
    assert faults(frame) == []
    frame.locator("body").press("Escape")
    expect(ben.locator("dialog.player")).to_have_count(0)
    assert ben.url == here

    post.get_by_role("link", name="挑战").click()
    ben.wait_for_url(f"**/race/play/*/?ghost={record}")
    ben.wait_for_function("() => window.moongate && window.moongate.ready", timeout=READY_MS)
    ben.get_by_role("button", name="出发", exact=True).click()
    ben.wait_for_function("() => window.moongate.state.phase === 'racing'", timeout=READY_MS)
    assert ben.evaluate("() => window.moongate.state.ghost.name") == ada_name

    ben.goto(f"/race/watch/{record}/")
    ben.wait_for_function(READY, timeout=READY_MS)
    wait_until(ben, lambda: look(ben)["tick"] > 30, "the own page plays")
    assert ben.locator(".w-own").count() == 0
    a_stranger_at_a_desk_plays_it_too(page_at, shots)
    assert complaints == []


def a_stranger_at_a_desk_plays_it_too(page_at, shots) -> None:
    page = page_at("desk", "en")
    page.goto("/social/everybody/")
    play = page.locator(".post", has_text="Nearly flat out").get_by_role("link", name="Play")
    play.click()
    frame = player_in(page)
    wait_until(page, lambda: look(frame)["tick"] > 300, "it plays")
    page.screenshot(path=shots / "replay-playing-desk-en.png")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("dialog.player")).to_have_count(0)
    expect(play).to_be_focused()


def plays_and_seeks(page: Page, frame: Frame) -> None:
    first = look(frame)
    wait_until(page, lambda: look(frame)["tick"] > first["tick"] + 60, "it plays")
    assert look(frame)["muted"] is True
    frame.locator(".w-play").click()
    stopped = look(frame)
    page.wait_for_timeout(400)
    assert look(frame)["tick"] == stopped["tick"]

    seek = frame.get_by_role("slider")
    seek.focus()
    seek.press("ArrowRight")
    assert look(frame)["tick"] == stopped["tick"] + 300
    seek.press("ArrowLeft")
    back = look(frame)
    assert (back["tick"], back["x"], back["y"]) == (stopped["tick"], stopped["x"], stopped["y"])
    seek.press("End")
    assert look(frame)["tick"] == look(frame)["ticks"]
    expect(frame.locator(".w-lap")).to_have_text("完赛")
    box = seek.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    middle = look(frame)
    assert 0.45 < middle["tick"] / middle["ticks"] < 0.55
    assert middle["speed"] > 5

    frame.get_by_role("button", name="2×").click()
    assert look(frame)["pace"] == 2
    frame.get_by_role("button", name="打开声音").click()
    assert look(frame)["muted"] is False
    frame.locator(".w-play").click()
    wait_until(page, lambda: look(frame)["tick"] > middle["tick"] + 120, "it plays on")


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("landscape", "zh-hans")])
def test_every_camera_shows_the_kart_and_is_left_by_itself(page_at, shots, size, language):
    page = page_at(size, language)
    slug = page.request.get("/api/race/tracks").json()[0]["slug"]
    best = page.request.get(f"/api/race/records?track={slug}").json()["items"][0]
    page.goto(f"/race/watch/{best['id']}/")
    page.wait_for_function(READY, timeout=READY_MS)
    page.keyboard.press("k")
    ticks, seen = look(page)["ticks"], {}
    page.keyboard.press("Home")
    for _ in range(ticks // 300 + 1):
        camera = look(page)["camera"]
        if camera not in seen:
            seen[camera] = True
            page.evaluate(TWO_FRAMES)
            page.screenshot(path=shots / f"watch-{camera}-{size}-{language}.png")
        page.keyboard.press("ArrowRight")
    assert set(seen) == {"grid", "chase", "trackside", "landmark"}
    stats = page.evaluate("() => ({ ...window.moongateWatch.stats() })")
    assert 10 < stats["calls"] <= 120


def test_less_motion_waits_to_be_started_and_a_replay_that_is_gone_says_so(page_at, shots):
    page = page_at("desk", reduced_motion="reduce")
    slug = page.request.get("/api/race/tracks").json()[0]["slug"]
    best = page.request.get(f"/api/race/records?track={slug}").json()["items"][0]
    page.goto(f"/race/watch/{best['id']}/")
    page.wait_for_function(READY, timeout=READY_MS)
    assert look(page)["playing"] is False
    assert look(page)["tick"] == 0
    assert faults(page) == []
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: look(page)["tick"] > 10, "it plays when asked")
    answer = page.goto("/race/watch/00000000-0000-4000-8000-000000000000/")
    assert answer.status == 404
    expect(page.get_by_role("heading")).to_have_text(re.compile("gone"))
    assert faults(page) == []
