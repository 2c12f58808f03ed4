"""The race in the admin: records to look at and to strike off, and interest in landmarks."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from moongate.race.interest_admin import LandmarkInterestAdmin
from moongate.race.models import EarnedPiece, Record
from moongate.race.records import strike_record
from moongate.race.wardrobe import award_piece, clean_ref

__all__ = ["EarnedPieceAdmin", "LandmarkInterestAdmin", "RecordAdmin"]


@admin.register(Record)
class RecordAdmin(admin.ModelAdmin):
    list_display = (
        "track_slug",
        "player",
        "time_ms",
        "best_lap_ms",
        "laps",
        "created",
        "is_demo",
    )
    list_filter = ("track_slug", "laps", "is_demo", "sim_version")
    search_fields = ("player__display_name", "id")
    list_select_related = ("player",)
    date_hierarchy = "created"
    exclude = ("replay",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Record) -> None:
        strike_record(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Record]) -> None:
        for record in queryset:
            strike_record(record)


class EarnedPieceForm(forms.ModelForm):
    """Takes pieces that there are."""

    class Meta:
        model = EarnedPiece
        fields = ("player", "costume", "reason")

    def clean_costume(self) -> str:
        try:
            return clean_ref(self.cleaned_data["costume"])
        except ValueError as error:
            raise ValidationError(str(error)) from error


@admin.register(EarnedPiece)
class EarnedPieceAdmin(admin.ModelAdmin):
    """Pieces earned in races; the operator may award one, and take one back."""

    form = EarnedPieceForm
    list_display = ("costume", "player", "reason", "created")
    search_fields = ("player__display_name", "costume")
    list_select_related = ("player",)
    raw_id_fields = ("player",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: EarnedPiece, form: Any, change: bool) -> None:
        earned = award_piece(obj.costume, to=obj.player, reason=obj.reason)
        obj.pk = earned.pk
