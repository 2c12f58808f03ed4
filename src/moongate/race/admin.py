"""Records in the admin: to look at and to strike off, never to write by hand."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from moongate.race.models import Record
from moongate.race.records import strike_record


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
