"""The incident form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from moongate.health.models import Incident
from moongate.health.records.forms import RefusableForm
from moongate.health.safety.incidents import REPLY_MAX, WORDS_MAX


class IncidentForm(RefusableForm):
    """What went wrong, and whether somebody came to harm."""

    kind = forms.ChoiceField(
        label=_("What happened"), choices=Incident.Kind.choices, widget=forms.RadioSelect
    )
    harm = forms.ChoiceField(
        label=_("Was somebody harmed?"), choices=Incident.Harm.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your words"),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("When, what you told it, what it said, and what turned out to be true."),
    )
    reply_to = forms.CharField(
        label=_("How to reach you, if you want an answer"), max_length=REPLY_MAX, required=False
    )
