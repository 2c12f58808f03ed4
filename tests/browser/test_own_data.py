"""One's own data, in a browser: tokens for programs, a copy of everything, and erasure."""

import io
import json
import re
import time
import zipfile

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.accessible import faults
from tests.browser.test_accounts import PASSWORD, add_passkey, authenticator, sign_up
from tests.browser.test_social import clean, landscape, post, tell_age

WAIT_S = 90


def until_there(page: Page, address: str, words: str) -> None:
    """Look at the page again and again, as one who waits does, until it says the words."""
    began = time.monotonic()
    while time.monotonic() - began < WAIT_S:
        page.goto(address)
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{address} never said {words!r}:\n{page.locator('main').inner_text()}")


def say(page: Page, address: str, words: str) -> None:
    page.goto(address)
    page.locator(".say textarea").last.fill(words)
    page.locator(".say button").last.click()
    page.locator(".comment-text", has_text=words).wait_for()


def test_a_copy_of_everything_and_then_nothing_is_left(page_at, shots, tmp_path):
    ada, ben = page_at("phone", "en"), page_at("phone", "zh-hans")
    authenticator(ada)
    ada_name, _ben_name = sign_up(ada), sign_up(ben)
    add_passkey(ada)
    tell_age(ada)
    tell_age(ben)
    picture = landscape(tmp_path / "lock.jpg", 2)
    post(ada, "A lock gate in the rain", [(picture, "A wooden lock gate")])
    ada.locator(".post .when a").first.click()
    ada.wait_for_url("**/social/posts/*/")
    hers = ada.url
    photo = ada.locator(".photos a").first.get_attribute("href")
    post(ben, "运河边的早晨", [])
    ben.locator(".post .when a").first.click()
    ben.wait_for_url("**/social/posts/*/")
    his = ben.url
    say(ada, his, "Lovely morning")
    ben.goto(his)
    ben.locator(".comment .reply summary").click()
    ben.locator(".comment .reply textarea").fill("谢谢！")
    ben.locator(".comment .reply button").click()
    ben.locator(".answers .comment-text", has_text="谢谢").wait_for()
    ben.goto(hers)
    expect(ben.locator(".photos img")).to_have_attribute("alt", "A wooden lock gate")
    assert ben.request.get(photo).status == 200

    ada.goto("/accounts/privacy/")
    clean(ada)
    ada.get_by_role("button", name="Make a copy").click()
    until_there(ada, "/accounts/privacy/", "Fetch your copy")
    clean(ada)
    ada.screenshot(path=shots / "account-export-phone-en.png", full_page=True)
    with ada.expect_download() as loading:
        ada.get_by_role("link", name="Fetch your copy").click()
    archive = zipfile.ZipFile(loading.value.path())
    assert archive.testzip() is None
    names = set(archive.namelist())
    assert {"README.en.txt", "README.zh-hans.txt", "accounts.json", "social.json"} <= names
    told = json.loads(archive.read("social.json"))
    assert [one["text"] for one in told["social.post.author"]] == ["A lock gate in the rain"]
    assert [one["text"] for one in told["social.comment.author"]] == ["Lovely morning"]
    assert [one["alt"] for one in told["social.photo.owner"]] == ["A wooden lock gate"]
    assert ada_name in archive.read("accounts.json").decode()
    pictures = sorted(name for name in names if re.fullmatch(r"social/photos/.+/\d+\.jpg", name))
    assert Image.open(io.BytesIO(archive.read(pictures[0]))).format == "JPEG"
    assert PASSWORD not in archive.read("accounts.json").decode()

    ada.locator("#id_word").fill("erase my mistakes")
    ada.get_by_role("button", name="Erase my account").click()
    expect(ada.locator(".errorlist")).to_be_visible()
    ada.locator("#id_word").fill("erase my account")
    ada.get_by_role("button", name="Erase my account").click()
    ada.locator(".message-success").wait_for()
    ada.goto("/accounts/privacy/")
    ada.wait_for_url("**/accounts/login/**")
    ada.locator("#id_login").fill(ada_name)
    ada.locator("#id_password").fill(PASSWORD)
    ada.locator("main form button.button").last.click()
    expect(ada.locator(".errorlist")).to_be_visible()

    # For the other person post and photo are gone; their answer stands under an empty place.
    assert ben.request.get(hers).status == 404
    assert ben.request.get(photo).status == 404
    until_there(ben, his, "该评论已删除。")
    assert ben.locator(".comment-text").all_inner_texts() == ["谢谢！"]
    assert "Lovely morning" not in ben.content()
    assert ada_name not in ben.content()
    clean(ben)
    ben.screenshot(path=shots / "social-comment-gone-phone-zh.png", full_page=True)
    ben.goto("/social/search/?kind=people&q=" + ada_name)
    assert ben.locator(".people").count() == 0
    ben.goto("/social/everybody/")
    assert ben.locator(".post", has_text="lock gate").count() == 0


@pytest.mark.parametrize(("size", "language"), [("phone", "en"), ("desk", "zh-hans")])
def test_a_token_is_made_used_and_revoked(page_at, shots, size, language):
    page = page_at(size, language)
    name = sign_up(page)
    page.goto("/accounts/")
    page.locator('a[href="/accounts/tokens/"]').click()
    clean(page)
    page.locator('.desk a.button[href="/accounts/tokens/new/"]').click()
    clean(page)
    page.locator("#id_name").fill("<b>weather</b> vane")
    assert page.locator("input[name=scopes]:checked").evaluate_all(
        "boxes => boxes.map((box) => box.value)"
    ) == ["read"]
    page.screenshot(path=shots / f"account-token-new-{size}-{language}.png", full_page=True)
    page.locator(".desk form button").click()
    secret = page.locator("#secret").input_value()
    assert page.locator("label[for=secret]").inner_text() == "<b>weather</b> vane"
    clean(page)

    program = page_at().request  # no browser's cookies
    headers = {"Authorization": f"Bearer {secret}"}
    me = program.get("/api/social/me", headers=headers)
    assert (me.status, me.json()["name"]) == (200, name)
    assert program.post("/api/social/posts", data={"text": "x"}, headers=headers).status == 403

    page.goto("/accounts/tokens/")
    assert secret not in page.content()
    assert page.locator(".tokens h2").inner_text() == "<b>weather</b> vane"
    assert {"en": "Last used on", "zh-hans": "上次使用"}[language] in page.locator(
        ".tokens"
    ).inner_text()
    clean(page)
    page.screenshot(path=shots / f"account-tokens-{size}-{language}.png", full_page=True)
    page.locator(".tokens button").click()
    page.locator(".message-success").wait_for()
    assert page.locator(".tokens").count() == 0
    assert program.get("/api/social/me", headers=headers).status == 401


@pytest.mark.parametrize(("size", "language"), [("phone", "zh-hans"), ("desk", "en")])
def test_the_page_for_programs_shows_every_area_and_asks_no_other_house(
    page_at, shots, live, size, language
):
    complaints, asked = [], []
    page = page_at(size, language)
    page.on("console", lambda said: complaints.append(said.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/social/docs")
    page.wait_for_url("**/api/docs")
    shown = page.locator("#swagger-ui .opblock")
    shown.first.wait_for()
    described = page.request.get("/api/openapi.json").json()
    assert shown.count() == sum(len(methods) for methods in described["paths"].values())
    assert page.locator("#swagger-ui", has_text="/api/race/").count()
    page.screenshot(path=shots / f"api-docs-{size}-{language}.png")
    page.locator(".opblock-summary-control").first.click()
    page.locator(".opblock-body").first.wait_for()
    assert [url for url in asked if not url.startswith((live, "data:"))] == []
    assert complaints == []
    # The viewer is a package's; the rest of the page is ours.
    page.locator("#swagger-ui").evaluate("viewer => viewer.remove()")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
