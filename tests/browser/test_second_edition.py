"""An edition that an operator adds is on the race's page and can be driven, without new code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

READY_MS = 120_000
DRIVEN_M = 20


@pytest.mark.parametrize(
    ("size", "language", "heading", "name", "go"),
    [
        ("desk", "en", "Courses: Dales", "Round the Pond", "Drive"),
        ("phone", "zh-hans", "赛道：Dales", "环池赛道", "出发"),
    ],
)
def test_a_second_edition_is_listed_opened_and_driven(
    page_at: Callable[..., Page],
    dales: str,
    shots: Path,
    size: str,
    language: str,
    heading: str,
    name: str,
    go: str,
):
    page = page_at(size, language, house=dales)
    page.set_default_timeout(READY_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/race/")
    shelf = page.locator("section", has=page.get_by_role("heading", name=heading))
    shelf.scroll_into_view_if_needed()
    page.screenshot(path=shots / f"courses-{size}-{language}.png")
    shelf.get_by_role("link", name=name).click()
    page.wait_for_url("**/race/courses/round-the-pond/")
    assert page.get_by_role("heading", level=1).inner_text() == name
    page.screenshot(path=shots / f"second-edition-{size}-{language}.png")

    page.goto("/race/play/round-the-pond/?quality=low")
    page.wait_for_function("() => window.moongate && window.moongate.ready")
    page.get_by_role("button", name=go, exact=True).click()
    page.wait_for_function("() => window.moongate.state.phase === 'racing'")
    page.keyboard.down("ArrowUp")
    page.wait_for_function(f"() => window.moongate.state.along > {DRIVEN_M}")
    page.screenshot(path=shots / f"second-edition-race-{size}-{language}.png")
    page.keyboard.up("ArrowUp")
    assert errors == []
