"""The band in the real game: it follows the race, falls silent when asked, and costs little."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

READY_MS = 90_000
# Between the sound card and what plays into it stands a meter; the newest context is the game's.
METER = """() => {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode && !(to.context instanceof OfflineAudioContext)) {
      const meter = to.context.createAnalyser();
      meter.fftSize = 8192;
      connect.call(this, meter);
      window.heard = () => {
        const wave = new Float32Array(meter.fftSize);
        meter.getFloatTimeDomainData(wave);
        return Math.sqrt(wave.reduce((sum, x) => sum + x * x, 0) / wave.length);
      };
    }
    return connect.call(this, to, ...more);
  };
}"""
# Music alone: the effects are turned down.
SETTINGS = """localStorage.setItem('moongate.race.settings',
  JSON.stringify({ volume: 0, music: 1, muted: false }))"""
PLAYS = "(form) => window.moongate.state.music?.form === form && window.moongate.state.music.voices"


def loudest(page: Page, seconds: float = 1.5) -> float:
    """The highest RMS met in a while."""
    return float(
        page.evaluate(
            """async (seconds) => {
              let most = 0;
              for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
                most = Math.max(most, window.heard());
                await new Promise((done) => setTimeout(done, 40));
              }
              return most;
            }""",
            seconds,
        )
    )


@pytest.fixture
def racing(page_at: Callable[..., Page]) -> Callable[..., Page]:
    """Opens London and waits until the race and its music are on."""

    def open_race(size: str = "desk", language: str = "en") -> Page:
        page = page_at(size, language)
        page.add_init_script(f"({METER})()")
        page.add_init_script(SETTINGS)
        page.goto("/race/play/london/?quality=low")
        page.wait_for_function("() => window.moongate && window.moongate.ready", timeout=READY_MS)
        assert page.evaluate("window.heard") is None, "sound before the first gesture"
        page.get_by_role("button", name={"en": "Drive", "zh-hans": "出发"}[language]).first.click()
        page.wait_for_function(PLAYS, arg="loop", timeout=READY_MS)
        return page

    return open_race


def test_music_plays_pauses_and_is_muted(racing, shots):
    page = racing()
    assert loudest(page) > 0.02
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    page.wait_for_timeout(1500)
    assert loudest(page, 0.6) < 0.001
    page.get_by_text("Settings", exact=True).click()
    slider = page.get_by_label("Music", exact=True)
    expect(slider).to_be_visible()
    slider.scroll_into_view_if_needed()
    page.screenshot(path=shots / "music-settings-desk-en.png")
    slider.fill("0")
    page.get_by_role("button", name="Resume").click()
    page.wait_for_timeout(1500)
    assert page.evaluate("window.moongate.state.music.form") == "loop"
    assert loudest(page, 0.6) < 0.001
    saved = page.evaluate("JSON.parse(localStorage.getItem('moongate.race.settings'))")
    assert (saved["music"], saved["volume"], saved["muted"]) == (0, 0, False)


def test_music_begins_again_with_the_race(racing, shots):
    page = racing("phone", "zh-hans")
    page.keyboard.press("Escape")
    page.get_by_text("设置", exact=True).click()
    slider = page.get_by_label("音乐音量")
    slider.scroll_into_view_if_needed()
    page.screenshot(path=shots / "music-settings-phone-zh.png")
    page.get_by_role("button", name="重新开始").click()
    page.wait_for_function(PLAYS, arg="countdown", timeout=READY_MS)
    page.wait_for_function(PLAYS, arg="loop", timeout=READY_MS)
    assert page.evaluate("window.moongate.state.music.rushing") is False


def test_music_comes_after_the_first_frame(page_at):
    """No byte of the band is fetched before the course is on the screen."""
    page = page_at("desk")
    asked: list[tuple[str, bool]] = []
    page.on(
        "request",
        lambda request: "/music/" in request.url and asked.append((request.url, bool(seen))),
    )
    seen: list[bool] = []
    page.expose_function("firstFrame", lambda: seen.append(True))
    page.add_init_script(
        "const wait = () => document.querySelector('.rg-gate.is-ready') ? window.firstFrame() "
        ": setTimeout(wait, 10); wait()"
    )
    page.goto("/race/play/london/?quality=low")
    page.wait_for_function("() => window.moongate && window.moongate.ready", timeout=READY_MS)
    with page.expect_response(lambda response: "/music/" in response.url, timeout=READY_MS):
        pass
    assert asked
    assert all(after for _, after in asked), asked
