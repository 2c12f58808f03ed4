"""Forms of the account pages, with the words and autofill hints that help most."""

from __future__ import annotations

from typing import ClassVar

from allauth.account import forms as account_forms
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moongate.accounts.models import User
from moongate.accounts.names import DISPLAY_NAME_MAX, validate_display_name
from moongate.accounts.passkey_reading import check_registration

ERASE_WORD = _("erase my account")
PASSWORD_RULE = _("At least 8 characters, and not a common one.")


class Quiet:
    """Our words as labels and help; no placeholders, which would only repeat them."""

    words: ClassVar[dict[str, tuple[Promise | str, Promise | str]]] = {}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label, field.help_text = self.words.get(name, (field.label, ""))
            if name in {"username", "login", "email"}:
                field.widget.attrs.update(autocapitalize="none", spellcheck="false")


class SignupForm(Quiet, account_forms.SignupForm):
    words: ClassVar = {
        "username": (
            _("Username"),
            _("What you sign in with. Others see it unless you choose another name later."),
        ),
        "email": (_("E-mail (optional)"), _("Only to reset your password.")),
        "password1": (_("Password"), PASSWORD_RULE),
    }


class PasskeyNameForm(SignupForm):
    """Only the name: what a sign-up without a password asks for."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"]


class PasskeySignupForm(PasskeyNameForm):
    credential = forms.JSONField(widget=forms.HiddenInput)


class LoginForm(Quiet, account_forms.LoginForm):
    words: ClassVar = {"login": (_("Username or e-mail"), ""), "password": (_("Password"), "")}


class EmailForm(Quiet, account_forms.AddEmailForm):
    words: ClassVar = {"email": (_("E-mail"), "")}


class ForgottenForm(Quiet, account_forms.ResetPasswordForm):
    words: ClassVar = {"email": (_("E-mail"), "")}


class ConfirmForm(Quiet, account_forms.ReauthenticateForm):
    words: ClassVar = {"password": (_("Password"), "")}


NEW_PASSWORD = {
    "oldpassword": (_("Password until now"), ""),
    "password1": (_("New password"), PASSWORD_RULE),
    "password2": (_("New password, once more"), ""),
}


class ChangePasswordForm(Quiet, account_forms.ChangePasswordForm):
    words: ClassVar = NEW_PASSWORD


class SetPasswordForm(Quiet, account_forms.SetPasswordForm):
    words: ClassVar = NEW_PASSWORD


class ResetPasswordForm(Quiet, account_forms.ResetPasswordKeyForm):
    words: ClassVar = NEW_PASSWORD


class NameForm(forms.Form):
    display_name = forms.CharField(
        label=_("Name shown to others"),
        max_length=DISPLAY_NAME_MAX,
        validators=[validate_display_name],
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def __init__(self, user: User, *args, **kwargs) -> None:
        self.user = user
        kwargs.setdefault("initial", {"display_name": user.display_name})
        super().__init__(*args, **kwargs)

    def save(self) -> None:
        self.user.display_name = self.cleaned_data["display_name"]
        self.user.save(update_fields=["display_name"])


class EraseForm(forms.Form):
    """The word typed out, so that nobody loses an account by a slip of the finger."""

    word = forms.CharField(
        label=_("Confirmation"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].help_text = gettext("Type “{word}” to confirm.").format(word=ERASE_WORD)

    def clean_word(self) -> str:
        word = self.cleaned_data["word"].strip()
        if word.casefold() != str(ERASE_WORD).casefold():
            raise forms.ValidationError(
                gettext("This is not what was asked for. Type “{word}”.").format(word=ERASE_WORD)
            )
        return word


class PasskeyForm(AddWebAuthnForm):
    name = forms.CharField(label=_("Name of this passkey"), max_length=60, required=False)
    passwordless = None

    def clean(self) -> dict:
        if "credential" in self.cleaned_data:
            check_registration(self.cleaned_data["credential"])
        return super().clean()


class RenamePasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name of this passkey"), max_length=60)
