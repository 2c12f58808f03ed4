"""The garage: a driver is chosen and dressed, by mouse, touch and keys, and is kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

OUTFIT = "() => window.moongateGarage.outfit"


def enter(page: Page) -> None:
    page.goto("/race/garage/")
    page.locator(".gr-tile[aria-pressed=true]").wait_for()
    page.locator(".gr-note.is-small").wait_for(state="attached")


def waits_for(page: Page, expression: str, seconds: int = 10) -> None:
    """The page's policy allows no evaluated strings, so this asks again from outside."""
    for _try in range(10 * seconds):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never true: {expression}")


@pytest.mark.parametrize(
    ("size", "language", "kept"),
    [("desk", "en", "Kept in this browser"), ("phone", "zh-hans", "已保存在这个浏览器里")],
)
def test_a_driver_is_chosen_dressed_and_kept(
    page_at: Callable[..., Page], shots: Path, size: str, language: str, kept: str
):
    page = page_at(size, language)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    enter(page)
    person = page.locator(".gr-tile").nth(1)
    slug = person.get_attribute("data-slug")
    person.click()
    waits_for(page, f"() => window.moongateGarage.outfit.character === '{slug}'")
    page.get_by_role("status").filter(has_text=kept).wait_for()
    # A tune greets them, and then the quiet piece; whoever wants silence has it in the race too.
    waits_for(page, "() => window.moongateGarage.music !== null", seconds=60)
    page.locator(".gr-music").click()
    assert page.evaluate("() => JSON.parse(localStorage['moongate.race.settings']).muted")
    waits_for(page, "() => window.moongateGarage.drawn.triangles > 1000")
    page.locator("[data-part=body]").click()
    free = page.locator(".gr-tile:not(.is-locked)[aria-pressed=false]").first
    piece = free.get_attribute("data-slug")
    free.click()
    waits_for(page, f"() => window.moongateGarage.outfit.wears.body[0] === '{piece}'")
    page.wait_for_timeout(1500)
    page.screenshot(path=shots / f"garage-{size}-{language}.png")
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    enter(page)
    outfit = page.evaluate(OUTFIT)
    assert (outfit["character"], outfit["wears"]["body"][0]) == (slug, piece)
    assert not errors


def test_a_locked_piece_is_only_tried_on_and_says_how_it_is_earned(page_at: Callable[..., Page]):
    page = page_at("desk")
    enter(page)
    page.locator("[data-part=head]").click()
    before = page.evaluate("() => localStorage.getItem('moongate.race.outfit')")
    locked = page.locator(".gr-tile.is-locked").first
    locked.click()
    piece = locked.get_attribute("data-slug")
    waits_for(page, f"() => window.moongateGarage.outfit.wears.head?.[0] === '{piece}'")
    assert page.locator(".gr-earn").inner_text().startswith("You are trying it on.")
    assert page.evaluate("() => localStorage.getItem('moongate.race.outfit')") == before
    # A gift's card leads to the piece: it is tried on, and kept when its tile is pressed.
    page.goto("/race/garage/?edition=uk&piece=flat-cap")
    waits_for(page, "() => window.moongateGarage?.outfit.wears.head?.[0] === 'flat-cap'")
    assert page.evaluate("() => localStorage.getItem('moongate.race.outfit')") == before
    page.locator(".gr-tile[data-slug=flat-cap]").click()
    waits_for(page, "() => (localStorage['moongate.race.outfit'] ?? '').includes('flat-cap')")


def test_it_works_by_keys(page_at: Callable[..., Page]):
    page = page_at("desk")
    enter(page)
    page.locator(".gr-canvas").focus()
    before = page.evaluate("() => window.moongateGarage.angle")
    page.keyboard.press("ArrowRight")
    waits_for(page, f"() => Math.abs(window.moongateGarage.angle - {before}) > 0.3")
    page.locator("[role=tab][aria-selected=true]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[role=tab][aria-selected=true]").get_attribute("data-part") == "cart"
    assert page.evaluate("() => document.activeElement.dataset.part") == "cart"
