"""The pages on which a person says who they are, how old, and who may reach them."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moongate.accounts import minors, profiles
from moongate.accounts.models import AgeBand, User
from moongate.accounts.names import DISPLAY_NAME_MAX

ADDRESS_MAX = 2_000  # characters of `next`


class ProfileForm(forms.Form):
    name_latin = forms.CharField(
        label=gettext_lazy("Name in Latin letters"),
        required=False,
        max_length=DISPLAY_NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name", "lang": "en"}),
    )
    name_chinese = forms.CharField(
        label=gettext_lazy("Name in Chinese characters"),
        required=False,
        max_length=DISPLAY_NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "zh-Hans"}),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages you speak"),
        required=False,
        choices=list(profiles.LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, person: User, *args, **kwargs) -> None:
        self.person = person
        kwargs.setdefault("initial", {name: getattr(person, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)

    def save(self) -> bool:
        """Keep what was filled in; False when it was refused, and why stands at its field."""
        try:
            profiles.change_profile(self.person, **self.cleaned_data)
        except ValidationError as error:
            self.add_error(None, error)
        return not self.errors


class AgeForm(forms.Form):
    age_band = forms.ChoiceField(
        label=gettext_lazy("Your age"), choices=AgeBand.choices, widget=forms.RadioSelect
    )

    def __init__(self, person: User, *args, **kwargs) -> None:
        self.person = person
        kwargs.setdefault("initial", {"age_band": person.age_band})
        super().__init__(*args, **kwargs)

    def save(self) -> bool:
        """Keep the age; False when it was refused, and why stands at the field."""
        band = self.cleaned_data["age_band"]
        try:
            minors.set_age_band(self.person, band, today=timezone.localdate())
        except minors.TooYoungError as error:
            self.add_error("age_band", str(error))
        return not self.errors


class ReachForm(forms.Form):
    """Who may reach the person; the boxes of somebody under 13 are shown, and stay shut."""

    helps: ClassVar = {
        "is_private": gettext_lazy("New followers must be let in."),
        "hears_strangers": gettext_lazy("Also from people you do not follow."),
        "minds_time": gettext_lazy("A word when you have played for long."),
        "is_findable": gettext_lazy("Others find you by your name."),
    }
    is_private = forms.BooleanField(label=gettext_lazy("Private profile"), required=False)
    hears_strangers = forms.BooleanField(
        label=gettext_lazy("Messages from strangers"), required=False
    )
    minds_time = forms.BooleanField(label=gettext_lazy("Play-time reminder"), required=False)
    is_findable = forms.BooleanField(label=gettext_lazy("Found by search"), required=False)

    def __init__(self, person: User, *args, **kwargs) -> None:
        self.person = person
        kwargs.setdefault("initial", {name: getattr(person, name) for name in minors.STRICT})
        super().__init__(*args, **kwargs)
        for name, text in self.helps.items():
            self.fields[name].help_text = text

    def save(self) -> bool:
        """Keep the choices; False when the person is too young for one, and why is said."""
        try:
            minors.change_settings(self.person, **self.cleaned_data)
        except minors.TooYoungError as error:
            self.add_error(None, str(error))
        return not self.errors


@require_safe
@never_cache
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@login_required
def change_profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.user, request.POST)
    if form.is_valid() and form.save():
        messages.success(request, _("Your profile is saved."))
        return redirect("account_profile")
    return _page(request, status=422, about=form)


@require_POST
@login_required
def change_reach(request: HttpRequest) -> HttpResponse:
    form = ReachForm(request.user, request.POST)
    if form.is_valid() and form.save():
        messages.success(request, _("Your choice is saved."))
        return redirect("account_profile")
    return _page(request, status=422, reach=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def age(request: HttpRequest) -> HttpResponse:
    """Ask the age, then go on to `next`: where somebody is sent who has not told it yet."""
    form = AgeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("Thank you. Your settings fit your age now."))
        return redirect(_next(request) or "account_profile")
    context = {"form": form, "next": _next(request)}
    return render(request, "account/age.html", context, status=422 if form.errors else 200)


def _next(request: HttpRequest) -> str:
    """Where to go on to: an address of this site, or nothing."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    safe = len(address) <= ADDRESS_MAX and url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else ""


def _page(request: HttpRequest, status: int = 200, **forms_given: forms.Form) -> HttpResponse:
    context = {
        "about": ProfileForm(request.user),
        "reach": ReachForm(request.user),
        "may_loosen": minors.may_loosen(request.user),
        **forms_given,
    }
    return render(request, "account/profile.html", context, status=status)
