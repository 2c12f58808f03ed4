"""From the home page to a proven time on the board, and a race against its ghost."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import APIResponse, Page, expect

from tests.browser.driving import Driven, Keys, Thumb, drive

MAX_CALLS = 120
MAX_TRIANGLES = 120_000
MAX_BYTES = 4 * 1024 * 1024
READY_MS = 90_000
DESK = {"width": 1280, "height": 800}
SMALL = {"width": 480, "height": 300}  # the same view in few pixels, or it would take an hour
GHOST_TICKS = 180  # driven beside the ghost


class Traffic:
    """Bytes that came over the wire, as compressed."""

    def __init__(self, page: Page):
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict) -> None:
        self.bytes += int(event["encodedDataLength"])


def start_race(page: Page, drive_label: str) -> None:
    page.wait_for_function("() => window.moongate && window.moongate.ready", timeout=READY_MS)
    page.get_by_role("button", name=drive_label, exact=True).click()
    page.wait_for_function("() => window.moongate.state.phase === 'racing'", timeout=READY_MS)


def drawn_within_bounds(seen: Driven) -> None:
    assert 10 < seen.calls <= MAX_CALLS
    assert 5_000 < seen.triangles <= MAX_TRIANGLES


def proven(page: Page) -> str:
    """Waits for the server's word and returns the record's id."""
    verdict = page.locator(".rg-verdict.is-verified")
    expect(verdict).to_be_visible(timeout=30_000)
    record = verdict.get_attribute("data-record")
    assert record
    return record


def sent_later(page: Page) -> str:
    """A race that could not be sent is kept, and sent when the page opens again."""
    page.unroute("**/api/race/records?*")
    page.reload()
    for _ in range(60):
        mine = page.request.get("/api/race/records?track=london").json()["you"]
        if mine:
            return str(mine["id"])
        page.wait_for_timeout(500)
    raise AssertionError("the kept race was not sent")


def faults_of(page: Page) -> list[str]:
    """What the page throws from now on."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def enter(page: Page, link: str, home: Path, gate: Path) -> None:
    """From the home page to London's gate, with the bytes a first race may cost."""
    page.goto("/")
    page.screenshot(path=home)
    traffic = Traffic(page)
    page.get_by_role("link", name=link).first.click()
    if "/play/" not in page.url:
        page.locator("a[href*='/race/play/london/']").first.click()
    page.wait_for_url(re.compile("/race/play/london/"))
    page.wait_for_function("() => window.moongate && window.moongate.ready", timeout=READY_MS)
    page.screenshot(path=gate)
    assert 500_000 < traffic.bytes <= MAX_BYTES, f"{traffic.bytes} bytes to the first race"


def stands_on_the_board(page: Page, track: str, record: str) -> dict[str, Any]:
    """The time stands on the board, marked as this player's own, without an account."""
    board = page.request.get(f"/api/race/records?track={track}").json()["items"]
    mine = [row for row in board if row["is_you"]]
    assert [row["id"] for row in mine] == [record]
    assert mine[0]["player"]["guest"] is True
    return mine[0]


def post_replay(page: Page, data: bytes, track: str = "london") -> APIResponse:
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    return page.request.post(
        f"/api/race/records?track={track}",
        data=data,
        headers={
            "Content-Type": "application/octet-stream",
            "X-CSRFToken": token,
            "Referer": page.url,
        },
    )


def a_forgery_is_refused(page: Page, track: str, record: str) -> None:
    """A replay whose bytes were changed is refused, whatever it claims."""
    address = f"/api/race/records?track={track}"
    before = len(page.request.get(address).json()["items"])
    forged = bytearray(page.request.get(f"/api/race/records/{record}/replay").body())
    forged[len(forged) // 2] ^= 0x10
    answer = post_replay(page, bytes(forged), track)
    assert answer.status == 422
    assert {"reason", "mend"} <= set(answer.json())
    assert len(page.request.get(address).json()["items"]) == before


def beside_the_ghost(page: Page, hands: Keys | Thumb, mine: dict[str, Any], shot: Path) -> None:
    """The record's ghost is the replay, driven again beside the player."""
    facts = page.evaluate("() => window.moongate.state")
    before, start = facts["ghost"], facts["tick"]
    for _ in range(600):
        facts = page.evaluate("() => window.moongate.state")
        if facts["tick"] > start + GHOST_TICKS:
            break
        hands.hold(max(-1.0, min(1.0, 2.6 * facts["bearing"])), throttle=facts["speed"] < 25)
        page.wait_for_timeout(50)
    after = page.evaluate("() => window.moongate.state.ghost")
    hands.release()
    page.screenshot(path=shot)
    assert before["name"] == mine["player"]["name"]
    assert (after["x"], after["y"]) != (before["x"], before["y"])


def test_a_lap_of_london_by_keys_is_kept_without_a_line_and_sent_later(
    page_at: Callable[..., Page], shots: Path
):
    page = page_at("desk", "en")
    errors = faults_of(page)
    enter(page, "Drive a lap of London", shots / "home-desk-en.png", shots / "gate-desk-en.png")

    # A processor that plays graphics card draws without smoothing.
    page.goto("/race/play/london/?quality=low")
    start_race(page, "Drive")
    page.screenshot(path=shots / "race-desk-en.png")
    page.route("**/api/race/records?*", lambda route: route.abort())
    page.set_viewport_size(SMALL)
    seen = drive(page, Keys(page))
    drawn_within_bounds(seen)
    assert seen.top_speed > 20
    page.set_viewport_size(DESK)
    expect(page.locator(".rg-verdict.is-later")).to_be_visible(timeout=30_000)
    page.screenshot(path=shots / "results-desk-en.png")
    record = sent_later(page)
    mine = stands_on_the_board(page, "london", record)
    assert mine["time_ms"] > 60_000
    a_forgery_is_refused(page, "london", record)

    page.goto(f"/race/play/london/?ghost={record}&quality=low")
    start_race(page, "Drive")
    beside_the_ghost(page, Keys(page), mine, shots / "ghost-desk-en.png")
    assert errors == []


def test_a_lap_by_one_thumb_is_proven_and_raced_again_as_a_ghost(
    page_at: Callable[..., Page], dales: str, shots: Path
):
    page = page_at("phone", "zh-hans")
    enter(page, "在伦敦跑一圈", shots / "home-phone-zh-hans.png", shots / "gate-phone-zh-hans.png")

    page = page_at("phone", "zh-hans", house=dales)
    errors = faults_of(page)
    page.goto("/race/play/round-the-pond/?quality=low")
    page.locator(".rg-gate").get_by_text("单手", exact=True).click(timeout=READY_MS)
    start_race(page, "出发")
    page.screenshot(path=shots / "race-phone-zh-hans.png")
    seen = drive(page, Thumb(page, 195, 600))
    assert seen.top_speed > 20
    record = proven(page)
    page.screenshot(path=shots / "results-phone-zh-hans.png")
    share = page.locator(".rg-panel-results a[href*=compose]")
    assert share.get_attribute("href").endswith(f"?card_kind=replay&card_ref={record}")
    expect(share).to_be_visible()
    mine = stands_on_the_board(page, "round-the-pond", record)

    page.goto(f"/race/play/round-the-pond/?ghost={record}&quality=low")
    start_race(page, "出发")
    beside_the_ghost(page, Thumb(page, 195, 600), mine, shots / "ghost-phone-zh-hans.png")
    assert errors == []


def test_the_race_pauses_restarts_and_turns_with_the_phone(
    page_at: Callable[..., Page], shots: Path
):
    page = page_at("phone", "en")
    page.goto("/race/play/london/")
    start_race(page, "Drive")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()
    tick = page.evaluate("() => window.moongate.state.tick")
    page.wait_for_timeout(500)
    assert page.evaluate("() => window.moongate.state.tick") == tick
    page.screenshot(path=shots / "pause-phone-en.png")
    page.get_by_role("button", name="Start again").click()
    page.wait_for_function("() => window.moongate.state.phase !== 'racing'")
    page.wait_for_function(f"() => window.moongate.state.tick < {tick}")
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function("() => window.moongate.state.phase === 'racing'", timeout=READY_MS)
    canvas = page.locator("canvas").first.bounding_box()
    assert canvas
    assert (canvas["width"], canvas["height"]) == (844, 390)
    page.screenshot(path=shots / "race-landscape-en.png")
