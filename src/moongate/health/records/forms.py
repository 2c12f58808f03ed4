"""What the pages of health records ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from moongate.health.records.profiles import NAME_MAX
from moongate.health.records.purposes import GUARDIAN
from moongate.health.records.sharing import LABEL_MAX
from moongate.social.errors import SocialError

RELATIONS = [
    ("child", _("My child")),
    ("partner", _("My partner")),
    ("parent", _("My parent")),
    ("other", _("Somebody else in my care")),
]
DAYS = [(1, _("one day")), (7, _("a week")), (30, _("a month"))]


class RefusableForm(forms.Form):
    """A form that shows a verb's refusal at the field it is about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def refuse(self, error: SocialError) -> None:
        field = error.field if error.field in self.fields else None
        self.add_error(field, f"{error.reason} {error.mend}")


class ProfileForm(RefusableForm):
    """Somebody in one's care, with the guardian's consent."""

    name = forms.CharField(label=_("First name or nickname"), max_length=NAME_MAX)
    relation = forms.ChoiceField(label=_("Who that is"), choices=RELATIONS)
    consent = forms.BooleanField(label="")
    consent_version = forms.IntegerField(widget=forms.HiddenInput, initial=GUARDIAN.version)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = "zh-hans" if (get_language() or "en").startswith("zh") else "en"
        self.fields["consent"].label = GUARDIAN.text[code]


class ShareForm(RefusableForm):
    """For whom a link is made, and for how long."""

    label = forms.CharField(
        label=_("For whom (only you see this)"), max_length=LABEL_MAX, required=False
    )
    days = forms.TypedChoiceField(label=_("It works for"), choices=DAYS, coerce=int, initial=7)
