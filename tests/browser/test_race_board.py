"""The race's pages in a real browser: the course, the board, one record and its ghost."""

import pytest

from moongate.race.replay import verify
from moongate.race.tracks import track_by_id
from tests.browser.accessible import faults

COURSE, BOARD = "/race/", "/race/board/london/"
LOOKS = [("phone", "en", True), ("phone", "zh-hans", False), ("desk", "en", False)]

SEND = """async (change) => {
  const id = (await (await fetch("/api/race/records?track=london")).json()).items[0].id;
  const ghost = await fetch(`/api/race/records/${id}/replay`);
  const bytes = new Uint8Array(await ghost.arrayBuffer());
  if (change) bytes[bytes.length - 5] ^= 1;
  const token = /csrftoken=([^;]+)/.exec(document.cookie)[1];
  const answer = await fetch("/api/race/records?track=london", {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": token },
    body: bytes,
  });
  return [answer.status, await answer.json()];
}"""


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


@pytest.mark.parametrize(("size", "language", "dark"), LOOKS)
@pytest.mark.parametrize("name", ["course", "board", "record"])
def test_the_pages_are_readable_by_everybody(quiet_page, shots, name, size, language, dark):
    page = quiet_page(size, language, dark)
    page.goto(COURSE if name == "course" else BOARD)
    if name == "record":
        page.locator(".board tbody th a").first.click()
        page.wait_for_url("**/race/records/**")
    assert faults(page) == []
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look = "dark" if dark else "light"
    page.screenshot(path=shots / f"race-{name}-{size}-{language}-{look}.png")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_first_screen_of_a_phone_has_the_drive_button(quiet_page, language):
    page = quiet_page("phone", language)
    page.goto(COURSE)
    box = page.locator(".button-drive").bounding_box()
    assert box["y"] + box["height"] < 844
    assert box["height"] >= 44


def test_the_map_numbers_every_card(quiet_page):
    page = quiet_page()
    page.goto(COURSE)
    numbers = page.locator(".plate-mark text").all_text_contents()
    assert len(numbers) >= 4
    assert numbers == page.locator(".sight-number").all_inner_texts()


def test_the_board_leads_to_a_record_whose_replay_anybody_can_prove(quiet_page):
    page = quiet_page()
    page.goto(COURSE)
    page.get_by_role("link", name="The whole board").click()
    page.wait_for_url("**" + BOARD)
    time = page.locator(".board .time").first.inner_text()
    page.locator(".board tbody th a").first.click()
    assert page.locator("h1").inner_text() == time
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the replay").click()
    verdict = verify(started.value.path().read_bytes(), track_by_id)
    minutes, seconds = time.split(":")
    assert verdict.valid
    assert verdict.time_ms == round(int(minutes) * 60_000 + float(seconds) * 1000)
    assert started.value.suggested_filename.endswith(".mgrp")


def test_laps_have_a_board_of_their_own_by_keyboard(quiet_page):
    page = quiet_page()
    page.goto(BOARD)
    page.get_by_role("link", name="Laps").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**kind=lap")
    assert "best lap" in page.locator(".sheet-line").inner_text()


def test_a_row_leads_to_the_race_against_its_ghost(quiet_page):
    page = quiet_page()
    page.goto(BOARD)
    record = page.locator(".board tbody th a").first.get_attribute("href").split("/")[3]
    assert page.locator(".chase").first.get_attribute("href") == (
        f"/race/play/london/?ghost={record}"
    )


def test_a_stranger_cannot_enter_a_ghost_nor_a_forgery(page_at):
    page = page_at()
    page.goto("/race/play/london/")
    status, told = page.evaluate(SEND, False)
    assert (status, told["reason"]) == (
        422,
        "this very drive is already on the board under another name",
    )
    status, told = page.evaluate(SEND, True)
    assert status == 422
    assert "checksum" in told["reason"]
