"""Two people on two phones: what one shares, the other finds, likes, answers, and may shut out."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Page, expect

from tests.browser.accessible import faults
from tests.browser.test_accounts import authenticator, sign_up, sign_up_by_passkey

SKIES = (
    ((96, 146, 208), (251, 214, 164), (78, 122, 92)),
    ((38, 58, 128), (227, 154, 124), (30, 72, 86)),
    ((150, 190, 224), (245, 247, 250), (53, 117, 63)),
)


def landscape(path: Path, look: int, size: tuple[int, int] = (1200, 900)) -> Path:
    """A painted evening: sky, sun, hills, water."""
    top, low, hill = SKIES[look % len(SKIES)]
    width, height = size
    column = Image.new("RGB", (1, height))
    for y in range(height):
        share = min(1.0, y / (0.62 * height))
        column.putpixel(
            (0, y), tuple(round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        )
    picture = column.resize(size)
    pen = ImageDraw.Draw(picture)
    x, y, r = width * (0.3 + 0.2 * look), height * 0.42, height * 0.08
    pen.ellipse((x - r, y - r, x + r, y + r), fill=(255, 241, 201))
    for step in range(4):
        base = height * (0.56 + 0.08 * step)
        shade = tuple(round(part * (1 - 0.16 * step)) for part in hill)
        bumps = [
            (width * i / 8, base + height * 0.07 * ((i * (step + look + 3)) % 3 - 1))
            for i in range(9)
        ]
        pen.polygon([(0, height), *bumps, (width, height)], fill=shade)
    pen.rectangle((0, height * 0.88, width, height), fill=(42, 87, 159))
    picture.filter(ImageFilter.GaussianBlur(2)).save(path, "JPEG", quality=90)
    return path


def tell_age(page: Page) -> None:
    page.goto("/accounts/age/?next=/social/")
    page.locator("input[value=adult]").check()
    page.locator("main form button.button").first.click()
    page.wait_for_url("**/social/")


def clean(page: Page) -> None:
    """Nothing that WCAG forbids, and nothing wider than the screen."""
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def post(page: Page, words: str, photos: list[tuple[Path, str]]) -> None:
    page.goto("/social/")
    page.locator("#id_text").fill(words)
    if photos:
        page.locator(".composer input[type=file]").set_input_files([file for file, _ in photos])
        for i, (_file, alt) in enumerate(photos):
            page.locator("[data-alt]").nth(i).fill(alt)
        expect(page.locator(".draft-kept")).to_have_count(len(photos), timeout=60_000)
    page.locator(".composer button[type=submit]").click()
    page.locator(".message-success").wait_for()


def test_two_people_on_two_phones(page_at, shots, tmp_path):
    complaints = []
    ada, ben = page_at("phone", "en"), page_at("phone", "zh-hans")
    for page in (ada, ben):
        page.on("console", lambda said: complaints.append(said.text))
    authenticator(ada)
    ada_name, ben_name = sign_up_by_passkey(ada), sign_up(ben)
    tell_age(ada)
    tell_age(ben)
    clean(ada)

    photos = [
        (landscape(tmp_path / "one.jpg", 0), "The canal at sunset, one narrow boat"),
        (landscape(tmp_path / "two.jpg", 1), "The same canal an hour later"),
    ]
    ada.goto("/social/")
    ada.locator(".composer input[type=file]").set_input_files([file for file, _ in photos])
    expect(ada.locator(".draft-kept")).to_have_count(2, timeout=60_000)
    clean(ada)
    ada.screenshot(path=shots / "social-composer-phone-en.png")
    post(ada, "Walked home along the canal. <b>Worth</b> it.\nTwo herons.", photos)
    shown = ada.locator(".post").first
    assert shown.locator("img").first.get_attribute("alt") == photos[0][1]
    assert "<b>Worth</b>" in shown.locator(".post-text").inner_text()
    clean(ada)
    ada.screenshot(path=shots / "social-timeline-phone-en.png", full_page=True)

    ben.goto("/social/everybody/")
    found = ben.locator(".post", has_text="herons")
    found.locator("a.name").click()
    ben.locator(".page-head .follow-form button").click()
    expect(ben.locator(".page-head [data-label]")).to_have_text("已关注")
    expect(ben.locator("[data-followers]")).to_have_text("1")
    clean(ben)
    ben.screenshot(path=shots / "social-person-phone-zh.png", full_page=True)

    ada.goto("/social/notifications/")
    ben.goto("/social/")
    like = ben.locator(".post .like").first
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    expect(like.locator("[data-count]")).to_have_text("1")
    # Told while the page is open, without a reload.
    expect(ada.locator("[data-fresh-news]")).to_be_visible(timeout=15_000)
    expect(ada.locator(".rooms [data-unread]")).to_have_text("2")
    ben.locator(".post .post-foot a.act").first.click()
    ben.locator(".say textarea").last.fill("真好看！<script>alert(1)</script>")
    ben.locator(".say button").last.click()
    ben.locator(".comment").wait_for()
    clean(ben)
    ben.screenshot(path=shots / "social-post-phone-zh.png", full_page=True)

    ada.goto("/social/notifications/")
    notices = ada.locator(".notices")
    for words in ("commented on your post", "liked your post", "follows you", ben_name):
        assert words in notices.inner_text()
    clean(ada)
    ada.screenshot(path=shots / "social-news-phone-en.png", full_page=True)
    ada.get_by_role("button", name="Mark all as read").click()
    expect(ada.locator(".is-new")).to_have_count(0)
    notices.get_by_role("link", name="Open").first.click()
    ada.locator(".comment-acts a", has_text="Report").click()
    clean(ada)
    ada.screenshot(path=shots / "social-report-phone-en.png", full_page=True)
    ada.locator("input[value=spam]").check()
    ada.get_by_role("button", name="Send the report").click()
    ada.locator(".message-success").wait_for()

    ada.goto("/social/notifications/")
    ada.locator(".notices a.name").first.click()
    ada.locator("details.more summary").first.click()
    clean(ada)
    ada.get_by_role("button", name="Block").click()
    ada.locator("#blocked + .people", has_text=ben_name).wait_for()
    clean(ada)
    ada.screenshot(path=shots / "social-settings-phone-en.png", full_page=True)
    ben.goto("/social/")
    assert ben.locator(".post", has_text="herons").count() == 0
    ben.goto("/social/search/?kind=people&q=" + ada_name)
    assert ben.locator(".people").count() == 0
    clean(ben)
    assert complaints == []


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("desk", "zh-hans")])
def test_the_pages_at_a_desk(page_at, shots, tmp_path, size, language):
    page = page_at(size, language, reduced_motion="reduce", dark=language == "zh-hans")
    sign_up(page)
    tell_age(page)
    pictures = [(landscape(tmp_path / f"{i}.jpg", i), f"Evening {i + 1}") for i in range(3)]
    post(page, "三个傍晚 · Three evenings", pictures)
    page.locator(".post .like").first.click()
    page.locator(".photos a").first.click()
    page.locator("dialog.large img").wait_for()
    clean(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".large p")).to_have_text("Evening 2")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    page.goto("/social/albums/new/")
    page.locator("#id_title").fill("Evenings")
    page.locator("main form button.button").first.click()
    page.locator(".composer input[type=file]").set_input_files(pictures[1][0])
    expect(page.locator(".draft-kept")).to_have_count(1, timeout=60_000)
    page.locator(".composer button[type=submit]").click()
    page.locator(".wall a").first.click()
    clean(page)
    page.locator("button[value=cover]").click()
    page.locator(".page-head .cover img").wait_for()
    page.goto("/social/settings/")
    page.locator("#id_about").fill("Counting herons. 数白鹭。")
    page.locator("#id_music").select_option("willow")
    page.locator("main form button.button").first.click()
    page.locator(".message-success").wait_for()
    page.locator(".rooms a").last.click()
    play = page.locator("[data-play]")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    play.click()
    clean(page)
    page.screenshot(path=shots / f"social-person-desk-{language}.png", full_page=True)
    for name in ("", "everybody/", "notifications/", "settings/", "search/?q=Three", "visitors/"):
        page.goto(f"/social/{name}")
        clean(page)
        title = name.partition("/")[0] or "timeline"
        page.screenshot(path=shots / f"social-{title}-desk-{language}.png")


def test_without_a_script_it_is_the_same_garden(page_at, tmp_path):
    page = page_at("phone", "en", java_script_enabled=False)
    sign_up(page)
    tell_age(page)
    page.locator("#id_text").fill("No script runs here")
    file = landscape(tmp_path / "plain.jpg", 2, (600, 400))
    page.locator(".composer input[type=file]").set_input_files(file)
    page.locator(".composer button[type=submit]").click()
    page.locator("#describe input[name=alt]").fill("Hills in the morning")
    page.locator("#describe button").click()
    assert page.locator(".photos img").get_attribute("alt") == "Hills in the morning"
    page.locator(".like").click()
    assert page.locator(".like").get_attribute("aria-pressed") == "true"
    page.locator(".say textarea").last.fill("Indeed not")
    page.locator(".say button").last.click()
    assert page.locator(".comment-text").inner_text() == "Indeed not"


def test_a_stranger_is_shown_round(page_at, shots):
    page = page_at("phone", "en")
    page.goto("/social/")
    page.get_by_role("link", name="Make an account").wait_for()
    clean(page)
    page.screenshot(path=shots / "social-stranger-phone-en.png")


def test_a_blur_stands_until_the_photo_is_there_and_ones_picture_in_the_header(
    page_at, shots, tmp_path
):
    complaints, held = [], []
    page = page_at("phone", "en")
    page.on("console", lambda said: complaints.append(said.text))
    sign_up(page)
    tell_age(page)
    post(page, "Evening", [(landscape(tmp_path / "sky.jpg", 1), "Sun over hills")])

    page.route("**/social/photos/**", lambda route: held.append(route))
    page.goto("/social/everybody/", wait_until="domcontentloaded")
    blurred = page.locator(".photos picture.has-blur").first
    blurred.wait_for()
    expect(page.locator(".photos img").first).to_have_css("opacity", "0")
    colours = blurred.evaluate(
        """async (frame) => {
          const address = getComputedStyle(frame).backgroundImage.slice(5, -2);
          const image = new Image();
          image.src = address;
          await image.decode();
          const canvas = document.createElement("canvas");
          canvas.width = image.width;
          canvas.height = image.height;
          const pen = canvas.getContext("2d");
          pen.drawImage(image, 0, 0);
          const last = [...pen.getImageData(16, image.height - 1, 1, 1).data];
          return { size: [image.width, image.height], last };
        }"""
    )
    assert colours["size"] == [32, 24]
    red, _green, blue, alpha = colours["last"]
    assert (blue > red, alpha) == (True, 255)  # the water at the picture's foot
    page.screenshot(path=shots / "social-blur-phone-en.png")
    for route in held:
        route.continue_()
    page.unroute_all(behavior="ignoreErrors")
    # Only this post's: what lies below waits until it is scrolled to.
    mine = page.locator(".photos").first
    expect(mine.locator("img.is-coming")).to_have_count(0, timeout=15_000)
    assert page.locator(".photos img").first.evaluate("one => one.naturalWidth") > 0

    assert page.locator(".site-header .avatar img").count() == 0
    page.goto("/social/albums/new/")
    page.locator("#id_title").fill("Skies")
    page.locator(".form button.button").click()
    page.wait_for_url("**/social/albums/*-*/")
    face = landscape(tmp_path / "face.jpg", 0, (400, 400))
    page.locator(".composer input[type=file]").set_input_files(face)
    page.locator(".draft-kept").wait_for(timeout=60_000)
    page.locator(".composer button[type=submit]").click()
    page.locator(".wall a").first.click()
    page.locator("button[value=portrait]").click()
    page.locator(".message-success").wait_for()
    picture = page.locator(".site-header .avatar img")
    expect(picture).to_be_visible()
    page.wait_for_function(
        "document.querySelector('.site-header .avatar img').naturalWidth > 0", timeout=15_000
    )
    clean(page)
    page.goto("/accounts/")
    expect(page.locator(".site-header .avatar img")).to_be_visible()
    page.screenshot(path=shots / "account-avatar-phone-en.png")
    assert complaints == []


def test_an_album_takes_photos_where_no_script_runs(page_at, tmp_path):
    page = page_at("phone", "en", java_script_enabled=False)
    sign_up(page)
    tell_age(page)
    page.goto("/social/albums/new/")
    page.locator("#id_title").fill("Plain")
    page.locator(".form button.button").click()
    page.wait_for_url("**/social/albums/*-*/")
    file = tmp_path / "heavy.png"
    Image.frombytes("RGB", (1000, 900), os.urandom(1000 * 900 * 3)).save(file)
    assert file.stat().st_size > 2 * 1024 * 1024
    page.locator(".composer input[type=file]").set_input_files(file)
    page.locator(".composer button[type=submit]").click()
    page.locator(".wall img").first.wait_for(timeout=60_000)
    assert page.locator(".wall img").count() == 1
