"""The home page in a real browser: looks, languages, themes, keyboard, the opening gate."""

import pytest

from tests.browser.accessible import faults

LOOKS = [
    (size, language, dark)
    for size in ("phone", "desk")
    for language in ("en", "zh-hans")
    for dark in (False, True)
]

# The page is revealed with its first frame, which may come after it has loaded.
REVEALED = """new Promise((done) => {
    const look = () =>
        window.opened === undefined ? requestAnimationFrame(look) : done(window.opened);
    look();
})"""


def look(size: str, language: str, dark: bool) -> str:
    return f"{size}-{language}-{'dark' if dark else 'light'}"


@pytest.fixture
def quiet_page(page_at):
    """A page that collects what the browser complains about; motion reduced."""

    def open_page(*args, **more):
        page = page_at(*args, reduced_motion="reduce", **more)
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    return open_page


@pytest.mark.parametrize(("size", "language", "dark"), LOOKS, ids=lambda value: str(value))
def test_the_home_page_is_readable_by_everybody(quiet_page, shots, size, language, dark):
    page = quiet_page(size, language, dark)
    page.goto("/")
    assert faults(page) == []
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=shots / f"home-{look(size, language, dark)}.png")
    if size == "desk":
        page.screenshot(path=shots / f"home-full-{look(size, language, dark)}.png", full_page=True)


def test_the_first_screen_of_a_phone_has_the_way_in(quiet_page):
    page = quiet_page("phone")
    page.goto("/")
    box = page.get_by_role("link", name="Drive a lap of London").bounding_box()
    assert box["y"] + box["height"] < 844
    assert box["height"] >= 44


def test_a_missing_page_is_readable_too(quiet_page, shots):
    page = quiet_page("phone")
    page.goto("/nowhere/")
    assert faults(page) == []
    page.screenshot(path=shots / "missing-phone.png")


def test_the_gates_tell_honestly_which_is_open(quiet_page):
    page = quiet_page("desk")
    page.goto("/")
    cards = page.locator(".gate-card")
    assert cards.locator("h3").all_inner_texts() == ["Race", "Fashion", "Health", "Awards"]
    states = ["Open now", "Opening later", "Open now", "Opening later"]
    assert cards.locator(".gate-state").all_inner_texts() == states
    assert cards.locator("a").count() == 2
    page.get_by_role("link", name="Race").last.click()
    page.wait_for_url("**/race/")


def test_the_theme_switch_stays_after_a_reload(quiet_page):
    page = quiet_page("desk")
    page.goto("/")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Switch to dark").click()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
    page.get_by_role("button", name="Switch to light").click()
    assert page.evaluate(paper) == light


def test_the_language_switch_comes_back_to_the_page(quiet_page):
    page = quiet_page("desk")
    page.goto("/accounts/signup/?next=/race/")
    page.get_by_role("button", name="切换到中文").click()
    page.wait_for_url("**/accounts/signup/?next=/race/")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.get_by_role("button", name="Switch to English").click()
    page.wait_for_url("**/accounts/signup/?next=/race/")
    assert page.locator("html").get_attribute("lang") == "en-GB"


def test_the_keyboard_reaches_the_content_first(quiet_page):
    page = quiet_page("desk")
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("one => one === document.activeElement")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_everything_works_without_a_script(browser, live):
    context = browser.new_context(base_url=live, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Switch to English").click()
    assert page.locator("h1").inner_text() == "Step through."
    context.close()


def test_the_gate_opens_as_a_circle_where_it_was_pressed(page_at):
    page = page_at("desk")
    page.add_init_script(
        'addEventListener("pagereveal", (event) => { window.opened = !!event.viewTransition; });'
    )
    page.goto("/")
    gate = page.get_by_role("link", name="Drive a lap of London")
    box = gate.bounding_box()
    gate.click()
    page.wait_for_url("**/race/")
    assert page.evaluate(REVEALED) is True
    where = page.evaluate("document.documentElement.style.getPropertyValue('--gate-x')")
    assert abs(float(where.removesuffix("px")) - (box["x"] + box["width"] / 2)) < 1


def test_a_link_that_is_no_gate_changes_the_page_at_once(page_at):
    page = page_at("desk")
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate("document.documentElement.style.getPropertyValue('--gate-x')") == ""


def test_no_gate_moves_for_who_wants_rest(quiet_page):
    page = quiet_page("desk")
    page.add_init_script(
        'addEventListener("pagereveal", (event) => { window.opened = !!event.viewTransition; });'
    )
    page.goto("/")
    page.get_by_role("link", name="Drive a lap of London").click()
    page.wait_for_url("**/race/")
    assert page.evaluate(REVEALED) is False
    assert page.evaluate("document.getAnimations().length") == 0
