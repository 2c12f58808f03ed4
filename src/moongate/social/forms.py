"""The forms of the social pages; the verbs decide what is taken."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moongate.social.api_tokens import NAME_MAX
from moongate.social.cards import Card
from moongate.social.errors import SocialError
from moongate.social.models import ALT_MAX, COMMENT_MAX, PHOTOS_MAX, POST_MAX, Audience, Report
from moongate.social.music import TUNES
from moongate.social.page_settings import ABOUT_MAX
from moongate.social.photos.albums import TITLE_MAX


class SocialForm(forms.Form):
    """A form whose refusal by a verb stands at the field it names."""

    def refuse(self, error: SocialError) -> None:
        field = error.field if error.field in self.fields else None
        # The field's name is for programs; people see the refusal beside the field itself.
        name, sign, rest = error.reason.partition("：" if "：" in error.reason else ": ")
        reason = rest if sign and name == error.field else error.reason
        self.add_error(field, f"{reason[:1].upper()}{reason[1:]} {error.mend}")


SCOPE_WORDS = {
    "read": _("See what you see"),
    "post": _("Post, comment and like"),
    "follow": _("Follow, block and mute"),
    "report": _("Report"),
}
TOKEN_DAYS = {7: _("A week"), 30: _("30 days"), 90: _("90 days"), 365: _("A year")}


class TokenForm(SocialForm):
    name = forms.CharField(
        label=_("What it is for"),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=list(SCOPE_WORDS.items()),
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("How long it is good"),
        choices=list(TOKEN_DAYS.items()),
        coerce=int,
        initial=30,
        widget=forms.Select(attrs={"aria-label": _("How long it is good")}),
    )


class PostForm(SocialForm):
    text = forms.CharField(
        label=_("What would you like to share?"),
        required=False,
        max_length=POST_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    audience = forms.ChoiceField(label=_("Who may see it"), choices=Audience.choices)
    public_id = forms.UUIDField(widget=forms.HiddenInput)
    card_kind = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    card_ref = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The same form sent twice is the same post.
        first = {"public_id": uuid.uuid4(), "audience": Audience.EVERYONE}
        kwargs["initial"] = first | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    photos_max = PHOTOS_MAX
    alt_max = ALT_MAX


class CommentForm(SocialForm):
    text = forms.CharField(
        label=_("Your comment"),
        max_length=COMMENT_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    public_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"public_id": uuid.uuid4()})
        super().__init__(*args, **kwargs)


class AlbumForm(SocialForm):
    title = forms.CharField(label=_("Title"), max_length=TITLE_MAX)
    about = forms.CharField(
        label=_("About it"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    audience = forms.ChoiceField(label=_("Who may see it"), choices=Audience.choices)


class PageForm(SocialForm):
    about = forms.CharField(
        label=_("About you"),
        required=False,
        max_length=ABOUT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    music = forms.ChoiceField(
        label=_("Background music"),
        help_text=_("It plays only for those who press play."),
        required=False,
        choices=lambda: [("", _("None")), *TUNES.items()],
    )
    is_private = forms.BooleanField(
        label=_("Private page: followers by request only"), required=False
    )


class ReportForm(SocialForm):
    reason = forms.ChoiceField(
        label=_("What is wrong?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Anything the operator should know"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AppealForm(SocialForm):
    text = forms.CharField(
        label=_("Why it should be put back"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class GiftForm(SocialForm):
    costume = forms.CharField(
        label=_("Costume"),
        help_text=_("Its name, as its own page shows it."),
        max_length=64,
    )
    message = forms.CharField(label=_("A few words"), required=False, max_length=200)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, Card]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offered:
            choices = [(ref, card.title) for ref, card in offered]
            self.fields["costume"] = forms.ChoiceField(label=_("Costume"), choices=choices)
