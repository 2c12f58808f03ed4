"""What the operator of health decides: incident reports, and what is switched off.

No assessment can be read here; they are their owners' alone.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moongate.health.models import Incident, KillSwitch
from moongate.health.safety.incidents import WORDS_MAX, decide_incident
from moongate.health.safety.switches import lift, switch_off
from moongate.social.errors import SocialError


class IncidentForm(forms.ModelForm):
    """How far it is, and what was found."""

    finding = forms.CharField(
        label=_("What was found"),
        max_length=WORDS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80}),
    )

    class Meta:
        model = Incident
        fields = ("state",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["finding"].initial = (self.instance.take("sealed_finding") or {}).get("words")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == Incident.State.CLOSED and not cleaned.get("finding", "").strip():
            self.add_error("finding", _("A closed report says what was found."))
        return cleaned


@admin.register(Incident)
class IncidentAdmin(admin.ModelAdmin):
    form = IncidentForm
    list_display = ("public_id", "kind", "harm", "state", "knowledge", "created")
    list_filter = ("state", "harm", "kind", "knowledge")
    readonly_fields = (
        "kind",
        "harm",
        "words",
        "reply_to",
        "knowledge",
        "created",
        "closed",
    )
    fields = (*readonly_fields, "state", "finding")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Incident, form: Any, change: bool) -> None:
        decide_incident(
            obj,
            state=form.cleaned_data["state"],
            finding=form.cleaned_data["finding"],
            actor=request.user,
        )

    @admin.display(description=_("In their words"))
    def words(self, incident: Incident) -> str:
        return (incident.take("sealed_words") or {}).get("words", "")

    @admin.display(description=_("Reach them at"))
    def reply_to(self, incident: Incident) -> str:
        return (incident.take("sealed_words") or {}).get("reply_to", "")


class SwitchForm(forms.ModelForm):
    """Takes what can be switched off; the switch itself is thrown when the admin saves."""

    class Meta:
        model = KillSwitch
        fields = ("kind", "target", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            self.instance = switch_off(**cleaned, actor=self.actor)
        except SocialError as error:
            field = error.field if error.field in self.fields else None
            raise ValidationError({field: error.reason} if field else error.reason) from None
        return cleaned

    actor: Any = None


@admin.register(KillSwitch)
class KillSwitchAdmin(admin.ModelAdmin):
    form = SwitchForm
    list_display = ("target", "kind", "reason", "thrown", "lifted")
    list_filter = ("kind", ("lifted", admin.EmptyFieldListFilter))
    actions = ("put_back",)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        return type("SwitchFormFor", (form,), {"actor": request.user})

    def save_model(self, request: HttpRequest, obj: KillSwitch, form: Any, change: bool) -> None:
        """Nothing is left to save: `switch_off` has written the row and the audit entry."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The list and its action need it; the row itself is never written by hand.
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Put back in use"))
    def put_back(self, request: HttpRequest, rows: QuerySet[KillSwitch]) -> None:
        count = sum(lift(row, actor=request.user) for row in rows)
        messages.success(request, _("{count} put back in use.").format(count=count))
