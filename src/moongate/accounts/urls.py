"""Addresses of sign-up, sign-in and the account; only pages that we have drawn are reachable."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path

from moongate.accounts import passkey_signup, privacy, profile_pages, recovery, views

urlpatterns = [
    path("", views.overview, name="account_home"),
    path("name/", views.change_name, name="account_name"),
    path("profile/", profile_pages.profile, name="account_profile"),
    path("profile/about/", profile_pages.change_profile, name="account_profile_about"),
    path("profile/reach/", profile_pages.change_reach, name="account_profile_reach"),
    path("age/", profile_pages.age, name="account_age"),
    path("wechat/", include("moongate.accounts.wechat.urls")),
    path("privacy/", privacy.privacy, name="account_privacy"),
    path("privacy/consents/<slug:key>/", privacy.change_consent, name="account_consent"),
    path("privacy/export/", privacy.ask_for_export, name="account_export"),
    path(
        "privacy/export/<uuid:public_id>.zip",
        privacy.download_export,
        name="account_export_file",
    ),
    path("privacy/erase/", privacy.erase, name="account_erase"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("signup/passkey/", passkey_signup.sign_up, name="account_signup_by_passkey"),
    path("signup/passkey/begin/", passkey_signup.begin, name="account_begin_passkey"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", account.email, name="account_email"),
    path(
        "confirm-email/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        account.confirm_email,
        name="account_confirm_email",
    ),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("passkeys/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/add/", views.add_passkey, name="mfa_add_webauthn"),
    path(
        "passkeys/reauthenticate/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("passkeys/<int:pk>/remove/", views.remove_passkey, name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/edit/", views.rename_passkey, name="mfa_edit_webauthn"),
    path("codes/", recovery.show_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", recovery.make_codes, name="mfa_generate_recovery_codes"),
    path("codes/file/", recovery.save_codes, name="mfa_download_recovery_codes"),
    path("codes/login/", recovery.sign_in_with_code, name="account_login_with_code"),
    path("codes/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    # Where allauth wants to go back to when it is done with passkeys.
    path("passkeys/", views.to_overview, name="mfa_index"),
    path("passkeys/list/", views.to_overview, name="mfa_list_webauthn"),
]
