"""Sign-up, sign-in and passkeys in a real browser against a real server."""

import itertools
import re

import pytest
from playwright.sync_api import Page

from tests.browser.accessible import faults

PASSWORD = "enchantress-of-numbers"
# Each size, language and light meets each other once.
LOOKS = [
    ("phone", "en", False),
    ("phone", "zh-hans", True),
    ("desk", "en", True),
    ("desk", "zh-hans", False),
]
numbers = itertools.count(1)


def sign_up(page: Page) -> str:
    """Makes an account; answers its username."""
    username = f"driver{next(numbers)}"
    page.goto("/accounts/signup/?next=/accounts/")
    page.locator("#id_username").fill(username)
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("main form button.button").click()
    page.wait_for_url("**/accounts/")
    return username


def authenticator(page: Page) -> tuple:
    """A virtual authenticator in the browser, as a phone's own would be."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session, made["authenticatorId"]


def add_passkey(page: Page) -> None:
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/accounts/")


def sign_up_by_passkey(page: Page) -> str:
    """Makes an account that has no password, keeps its recovery codes; answers its username."""
    username = f"driver{next(numbers)}"
    page.goto("/accounts/signup/passkey/")
    page.locator("#id_username").fill(username)
    page.get_by_role("button", name="Make my account").click()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/accounts/")
    return username


@pytest.mark.parametrize(("size", "language", "dark"), LOOKS, ids=lambda value: str(value))
def test_the_account_pages_are_readable_by_everybody(page_at, shots, size, language, dark):
    page = page_at(size, language, dark, reduced_motion="reduce")
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    name = f"{size}-{language}-{'dark' if dark else 'light'}"
    for address, title in (
        ("/accounts/login/", "login"),
        ("/accounts/signup/", "signup"),
        ("/accounts/signup/passkey/", "signup-passkey"),
        ("/accounts/password/reset/", "reset"),
        ("/accounts/codes/login/", "code"),
    ):
        page.goto(address)
        assert faults(page) == []
        page.screenshot(path=shots / f"{title}-{name}.png")
    page.goto("/accounts/login/")
    page.locator("#id_login").fill("nobody")
    page.locator("#id_password").fill("wrong-password")
    page.locator("form.form button.button").click()
    page.locator(".errorlist").wait_for()
    assert faults(page) == []
    sign_up(page)
    for address, title in (
        ("/accounts/", "account"),
        ("/accounts/passkeys/add/", "passkey"),
        ("/accounts/email/", "email"),
        ("/accounts/profile/", "profile"),
        ("/accounts/age/", "age"),
        ("/accounts/password/change/", "password"),
    ):
        page.goto(address)
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=shots / f"{title}-{name}.png", full_page=True)
    assert complaints == []


def test_a_passkey_is_made_and_opens_the_account_again(page_at):
    page = page_at("phone")
    session, key_ring = authenticator(page)
    username = sign_up(page)
    add_passkey(page)
    assert page.locator(".keys li").count() == 1
    kept = session.send("WebAuthn.getCredentials", {"authenticatorId": key_ring})["credentials"]
    assert [(key["rpId"], key["isResidentCredential"]) for key in kept] == [("localhost", True)]

    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/accounts/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"^[^?]*/accounts/$"))
    assert page.locator("dd", has_text=username).count() == 1


def test_an_account_is_made_with_nothing_but_a_passkey(page_at):
    page = page_at("phone")
    authenticator(page)
    page.goto("/accounts/signup/passkey/")
    page.locator("#id_username").fill("guest-ada")
    page.get_by_role("button", name="Make my account").click()
    assert "cannot begin with" in page.locator("[data-passkey-fault]:visible").inner_text()
    username = sign_up_by_passkey(page)
    assert page.locator("dd", has_text=username).count() == 1

    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/accounts/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"^[^?]*/accounts/$"))
    assert page.locator("dd", has_text=username).count() == 1


def test_a_passkey_can_be_renamed_and_removed(page_at):
    page = page_at("desk")
    authenticator(page)
    sign_up(page)
    add_passkey(page)
    page.get_by_role("link", name="Rename").click()
    page.locator("#id_name").fill("My telephone")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/accounts/")
    assert page.locator(".keys strong").inner_text() == "My telephone"
    page.get_by_role("link", name="Remove My telephone").click()
    page.get_by_role("button", name="Remove it").click()
    page.wait_for_url("**/accounts/")
    assert page.locator(".keys").count() == 0


def test_a_refused_passkey_is_explained(page_at):
    page = page_at("desk")
    page.add_init_script(
        """navigator.credentials.get = () =>
            Promise.reject(new DOMException("closed by the person", "NotAllowedError"));"""
    )
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    fault = page.locator("[data-passkey-fault]")
    fault.wait_for()
    assert "passkey was not used" in fault.inner_text()
    assert page.get_by_role("button", name="Sign in with a passkey").is_enabled()


def test_at_an_ip_address_the_page_says_where_passkeys_work(page_at, live):
    page = page_at("desk")
    page.goto(live.replace("localhost", "127.0.0.1") + "/accounts/login/")
    assert page.get_by_role("button", name="Sign in with a passkey").is_disabled()
    page.locator(".hint a").click()
    page.wait_for_url(f"{live}/**")


def test_a_password_can_be_shown(page_at):
    page = page_at("phone")
    page.goto("/accounts/login/")
    page.locator("#id_password").fill("enchantress")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#id_password").get_attribute("type") == "text"
    page.get_by_role("button", name="Hide").click()
    assert page.locator("#id_password").get_attribute("type") == "password"


def test_the_account_menu_opens_and_closes_by_keyboard(page_at):
    page = page_at("desk")
    sign_up(page)
    page.locator("details.person summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Sign out").count() == 0
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").first.wait_for()
