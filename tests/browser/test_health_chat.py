"""Five people ask: an emergency, today, a doctor in days, at home, and somebody in a crisis."""

import re

from playwright.sync_api import Page, expect

from tests.browser.accessible import faults

ASKED = "[data-asked]"


def ask(page: Page, words: str, *, country: str) -> None:
    page.goto("/health/")
    expect(page.locator(ASKED)).to_be_visible()
    page.locator(f"[name=country][value={country}]").check()
    page.locator("#complaint").fill(words)
    page.locator(".card .send button").first.click()
    expect(page.locator(".progress, .alarm, .result").first).to_be_visible(timeout=90_000)


def went_on(page: Page, press) -> None:
    """Presses, and waits until the next page or fragment is there."""
    before = page.locator("[data-turn] [data-token]").first.get_attribute("value")
    press()
    turn = page.locator("[data-turn]")
    expect(turn.locator("[data-token]").first).not_to_have_value(before, timeout=60_000)
    expect(turn).not_to_have_attribute("aria-busy", "true")


def who(page: Page, years: str, sex: str) -> None:
    page.locator("#years").fill(years)
    went_on(page, page.locator(".card .send button").first.click)
    went_on(page, page.locator(f"button.choice[value={sex}]").click)


def answer(page: Page) -> bool:
    """Answers what is asked with no; False at the result, where nothing is asked."""
    if page.locator(".result").count():
        return False
    if page.locator(".degrees").count():
        if page.locator(".slider").count():
            page.locator(".slider").fill("3")
        else:
            page.locator(".degrees [value='3']").check()
        press = page.locator(".card .send button").first.click
    elif page.locator(".since").count():
        press = page.locator("button.choice[value=days]").click
    elif page.locator(".ticks").count():
        press = page.locator("button[name=answer][value=none]").click
    else:
        press = page.locator("button.choice[value=no]").click
    went_on(page, press)
    return True


def stop(page: Page) -> None:
    went_on(page, page.locator("button[value=stop]").click)


def test_an_emergency_cannot_be_missed(page_at, shots):
    page = page_at("phone", dark=True, reduced_motion="reduce")
    page.goto("/health/")
    assert faults(page) == []
    page.screenshot(path=shots / "health-start-phone.png")
    said = "crushing pain in my chest, it goes into my left arm and I am in a cold sweat"
    ask(page, said, country="uk")
    alarm = page.locator(".alarm h1")
    expect(alarm).to_have_text("Get help now")
    expect(alarm).to_be_focused()
    call = page.locator(".alarm .call").first
    expect(call).to_have_attribute("href", "tel:999")
    box, alarm_box = call.bounding_box(), page.locator(".alarm").bounding_box()
    assert box["height"] >= 60
    assert box["y"] + box["height"] < 844
    assert (alarm_box["x"], alarm_box["width"]) == (0, 390)
    assert faults(page) == []
    page.screenshot(path=shots / "health-emergency-phone.png")
    went_on(page, page.locator("button[value=seen]").click)
    expect(page.locator(ASKED)).to_have_text("How old is the person this is about?")
    expect(page.locator(".alarm-bar a").first).to_have_attribute("href", "tel:999")
    who(page, "58", "male")
    # By keyboard, as everything else.
    page.locator(".slider").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".slider-told")).to_contain_text("9 · nearly unbearable")
    page.screenshot(path=shots / "health-severity-phone.png")
    went_on(page, page.locator(".card .send button").first.click)
    stop(page)
    expect(page.locator(".urgency-emergency h1")).to_be_focused()
    assert faults(page) == []
    page.screenshot(path=shots / "health-emergency-result-phone.png", full_page=True)


def test_today_in_chinese_at_a_desk_with_a_change_and_the_other_language(page_at, shots):
    page = page_at("desk", "zh-hans")
    ask(page, "被狗咬了，手上有伤口", country="cn")
    expect(page.locator(ASKED)).to_have_text("患者多大年龄？")
    expect(page.locator(".words mark").first).to_be_visible()
    page.locator("#years").fill("300")
    page.locator(".card .send button").first.click()
    expect(page.locator("[data-fault]")).to_contain_text("0 到 120")
    expect(page.locator("#years")).to_be_focused()
    who(page, "30", "female")
    assert faults(page) == []
    page.screenshot(path=shots / "health-question-desk.png")
    went_on(page, page.locator("button[value=back]").click)
    went_on(page, page.locator("button.choice[value=male]").click)
    # The sex after all: an earlier answer, changed.
    page.locator(".log summary").click()
    page.locator(".log button[value='2']").click()
    expect(page.locator("input[name=at]").first).to_have_value("2")
    went_on(page, page.locator("button.choice[value=female]").click)
    # In the middle into English, and back again.
    page.get_by_role("button", name="Switch to English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    expect(page.locator(ASKED)).to_contain_text(re.compile("safe first|Do you|Were you|How"))
    page.get_by_role("button", name="切换到中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    for _ in range(2):
        answer(page)
    stop(page)
    expect(page.locator(".urgency-today h1")).to_have_text("今天就诊")
    expect(page.locator(".bar").first).to_be_visible()
    assert faults(page) == []
    page.screenshot(path=shots / "health-result-desk.png", full_page=True)


def test_a_doctor_in_days_without_a_script(page_at, shots):
    page = page_at("phone", "zh-hans", java_script_enabled=False)
    ask(page, "肩膀疼三个月，抬不起来", country="cn")
    who(page, "52", "female")
    for _ in range(5):
        answer(page)
    page.screenshot(path=shots / "health-question-phone-zh.png", full_page=True)
    stop(page)
    expect(page.locator(".urgency-gp h1")).to_have_text("近几天内看医生")
    page.locator("button[value=back]").click()
    expect(page.locator(".card")).to_be_visible()


def test_at_home_from_the_body_map(page_at, shots):
    page = page_at("desk")
    page.goto("/health/")
    page.locator(".body-map summary").click()
    # What is half out of sight counts as too small to touch.
    page.evaluate("scrollTo(0, 0)")
    assert faults(page) == []
    page.screenshot(path=shots / "health-body-desk.png", full_page=True)
    page.locator(".area[data-part=nose]").first.click()
    for name in ("Runny nose", "Sneezing", "Blocked nose"):
        page.get_by_role("checkbox", name=name).check(timeout=60_000)
    went_on(page, page.locator(".card .send button").first.click)
    who(page, "27", "male")
    while answer(page):
        if page.locator(".log li").count() == 9:
            stop(page)
    expect(page.locator(".urgency-self_care h1")).to_have_text("Look after yourself at home")
    with page.expect_download() as paper:
        page.get_by_role("button", name="Save as PDF").click()
    assert paper.value.suggested_filename == "health-assessment.pdf"
    # Something to add goes on.
    page.locator(".own-words summary").click()
    page.locator("#own-words").fill("I also have a fever now")
    went_on(page, page.locator("[name=do][value=say]").click)
    expect(page.locator(".heard")).to_contain_text("Fever")


def test_somebody_in_a_crisis_finds_people_to_talk_to(page_at, shots):
    page = page_at("phone", "zh-hans")
    ask(page, "我不想活了，想从楼上跳下去", country="cn")
    expect(page.locator(".alarm-crisis h1")).to_be_focused()
    expect(page.locator(".alarm .call").first).to_have_attribute("href", "tel:120")
    expect(page.locator(".alarm .call[href='tel:12356']")).to_be_visible()
    assert faults(page) == []
    page.screenshot(path=shots / "health-crisis-phone.png", full_page=True)
    went_on(page, page.locator("button[value=seen]").click)
    expect(page.locator(".result .call[href='tel:12356']")).to_be_visible()
    expect(page.locator(".bar")).to_have_count(0)
    assert faults(page) == []
    page.screenshot(path=shots / "health-crisis-result-phone.png", full_page=True)
