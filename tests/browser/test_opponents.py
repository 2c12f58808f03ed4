"""Installed, offline, against seven others: the race that needs nobody's network."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Keys, drive

READY_MS = 120_000
MAX_CALLS = 120
MAX_TRIANGLES = 120_000
KEPT = """async () => {
  const urls = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys())
      urls.push(url.slice(location.origin.length));
  return urls;
}"""


def choose(page: Page, **settings) -> None:
    """What a player chose at the gate the last time."""
    page.evaluate(
        "(chosen) => localStorage.setItem('moongate.race.settings', JSON.stringify(chosen))",
        settings,
    )


def wait_kept(page: Page, url: str) -> list[str]:
    for _ in range(120):
        kept = page.evaluate(KEPT)
        # What is kept serves nothing before the worker is installed and in control.
        if url in kept and page.evaluate("() => Boolean(navigator.serviceWorker.controller)"):
            return kept
        page.wait_for_timeout(500)
    raise AssertionError(f"{url} was not kept: {kept}")


def until_a_card(page: Page, hands: Keys) -> None:
    """Drives until the first landmark's card is collected."""
    for _ in range(3_000):
        facts = page.evaluate("() => window.moongate.state")
        if page.evaluate("() => localStorage['moongate.race.cards']"):
            hands.release()
            return
        steer = max(-1.0, min(1.0, 2.6 * facts["bearing"]))
        hands.hold(steer, throttle=facts["speed"] < 30)
    raise AssertionError(f"no card on the way: {facts}")


def ready(page: Page) -> None:
    page.wait_for_function("() => window.moongate && window.moongate.ready", timeout=READY_MS)


def test_a_race_against_seven_begins_offline_from_a_reload(
    page_at: Callable[..., Page], shots: Path
):
    page = page_at("desk", "en")
    page.set_viewport_size({"width": 480, "height": 400})  # few pixels, or it would take an hour
    errors: list[str] = []
    posts: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    page.goto("/race/play/london/?quality=low")
    ready(page)
    kept = wait_kept(page, "/race/shell/london/?lang=en")
    assert [url for url in kept if url.startswith(("/accounts", "/api", "/race/play"))] == []
    choose(page, mode="race", level="novice", rivals=7)

    page.context.set_offline(True)
    page.reload()
    ready(page)
    page.get_by_role("button", name="Drive", exact=True).click()
    page.wait_for_function("() => window.moongate.state.phase === 'racing'", timeout=READY_MS)
    facts = page.evaluate("() => window.moongate.state")
    assert (len(facts["rivals"]), facts["place"]) == (7, 8)
    assert len({rival["name"] for rival in facts["rivals"]}) == 7
    page.screenshot(path=shots / "opponents-grid-en.png")

    until_a_card(page, Keys(page))
    # The cards on the way are in the pocket, and counted when the network is back.
    cards = json.loads(page.evaluate("() => localStorage['moongate.race.cards']"))
    waiting = json.loads(page.evaluate("() => localStorage['moongate.race.interest']"))
    assert len(cards["uk/london"]) >= 1
    assert {one["card"] for one in waiting} == set(cards["uk/london"])
    page.context.set_offline(False)
    page.wait_for_function("() => localStorage['moongate.race.interest'] === '[]'")
    assert posts[-1].endswith("/api/race/interest")

    page.goto("/race/cards/london/")
    count = len(cards["uk/london"])
    expect(page.get_by_text(f"You have {count} of ")).to_be_visible()
    assert page.locator(".card:not(.is-locked)").count() == count
    page.set_viewport_size({"width": 1280, "height": 800})
    page.screenshot(path=shots / "cards-desk-en.png", full_page=True)
    assert errors == []


def test_a_race_against_seven_is_driven_to_its_standings(
    page_at: Callable[..., Page], dales: str, shots: Path
):
    page = page_at("desk", "en", house=dales)
    page.set_viewport_size({"width": 480, "height": 400})
    posts: list[str] = []
    page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    page.goto("/race/")
    choose(page, mode="race", level="novice", rivals=7)
    page.goto("/race/play/round-the-pond/?quality=low")
    ready(page)
    page.get_by_role("button", name="Drive", exact=True).click()
    page.wait_for_function("() => window.moongate.state.phase === 'racing'", timeout=READY_MS)
    seen = drive(page, Keys(page))
    assert 10 < seen.calls <= MAX_CALLS
    assert 5_000 < seen.triangles <= MAX_TRIANGLES
    table = page.locator(".rg-standings")
    expect(table).to_be_visible()
    expect(table.locator("tbody tr")).to_have_count(8)
    place = page.evaluate("() => window.moongate.state.place")
    mine = table.locator("tr.is-you td")
    assert mine.first.inner_text() == str(place)
    expect(page.get_by_role("heading", name=f"Place {place} of 8")).to_be_visible()
    page.screenshot(path=shots / "opponents-results-en.png")
    assert [url for url in posts if "/records" in url] == [], "a race in company is no record"


@pytest.mark.parametrize(
    ("language", "title"), [("en", "You are offline"), ("zh-hans", "你已离线")]
)
def test_a_page_of_a_person_is_not_kept_and_says_so_offline(
    page_at: Callable[..., Page], language: str, title: str
):
    page = page_at("phone", language)
    page.goto("/race/play/london/?quality=low")
    ready(page)
    wait_kept(page, f"/race/shell/london/?lang={language}")
    page.goto("/race/board/london/")
    page.goto("/race/")
    kept = page.evaluate(KEPT)
    assert [url for url in kept if url.startswith(("/race/board", "/race/play"))] == []
    assert "/race/" not in kept
    page.context.set_offline(True)
    page.goto("/race/board/london/")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    course = page.locator("[data-offline] li:visible a")
    expect(course).to_have_count(1)
    course.click()
    ready(page)


def test_the_gate_offers_both_kinds_of_race(page_at: Callable[..., Page], shots: Path):
    page = page_at("phone", "zh-hans")
    page.goto("/race/play/london/?quality=low")
    ready(page)
    expect(page.get_by_role("radio", name="计时赛")).to_be_checked()
    expect(page.get_by_role("radio", name="大师")).to_be_hidden()
    page.locator(".rg-gate").get_by_text("同场竞速").click()
    page.locator(".rg-gate").get_by_text("大师").click()
    page.locator(".rg-gate").get_by_text("3", exact=True).click()
    page.screenshot(path=shots / "opponents-gate-phone-zh-hans.png")
    page.get_by_role("button", name="出发", exact=True).click()
    page.wait_for_function("() => window.moongate.state.rivals.length === 3", timeout=READY_MS)
    saved = json.loads(page.evaluate("() => localStorage['moongate.race.settings']"))
    assert (saved["mode"], saved["level"], saved["rivals"]) == ("race", "master", 3)
