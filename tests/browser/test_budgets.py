"""What every built course may cost a phone, with eight karts on it: draws, triangles, bytes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from moongate.race.tracks import edition_tracks
from tests.browser.test_first_lap import MAX_BYTES, MAX_CALLS, MAX_TRIANGLES, Traffic

READY_MS = 120_000
VIEWS = 60  # round the lap
WIDE = {"width": 422, "height": 195}  # a phone on its side sees most; few pixels are quick
CHOICE = "{ mode: 'race', level: 'club', rivals: 7 }"


@pytest.mark.parametrize("slug", sorted(edition_tracks()))
def test_a_course_with_eight_karts_is_within_its_budget(slug: str, page_at: Callable[..., Page]):
    page = page_at("landscape", "en")
    page.set_viewport_size(WIDE)
    page.add_init_script(
        f"localStorage.setItem('moongate.race.settings', JSON.stringify({CHOICE}))"
    )
    traffic = Traffic(page)
    page.goto(f"/race/play/{slug}/?quality=low")
    page.wait_for_function("() => window.moongate && window.moongate.ready", timeout=READY_MS)
    page.get_by_role("button", name="Drive", exact=True).click()
    page.wait_for_function("() => window.moongate.state.rivals.length === 7", timeout=READY_MS)
    page.wait_for_function("() => window.moongate.stats().calls > 0")
    most = page.evaluate("(views) => window.moongate.survey(views)", VIEWS)
    assert 15 < most["calls"] <= MAX_CALLS, most
    assert 20_000 < most["triangles"] <= MAX_TRIANGLES, most
    assert 500_000 < traffic.bytes <= MAX_BYTES, f"{traffic.bytes} bytes to the first race"
