"""People in the admin, and what was agreed, done, exported and erased: that only to look at."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moongate.accounts.erasing import request_erasure
from moongate.accounts.models import AuditEntry, Consent, DataExport, Erasure, User


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ("username", "display_name", "is_guest", "is_staff", "created")
    list_filter = ("is_guest", "is_staff", "is_active")
    search_fields = ("username", "display_name", "email")
    ordering = ("-created",)
    readonly_fields = ("public_id", "created", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password", "public_id")}),
        (
            _("Person"),
            {"fields": ("display_name", "email", "preferred_language", "is_guest")},
        ),
        (
            _("Age"),
            {
                "fields": (
                    "age_band",
                    "born_after",
                    "is_private",
                    "hears_strangers",
                    "minds_time",
                    "is_findable",
                )
            },
        ),
        (
            _("Rights"),
            {
                "fields": (
                    "is_active",
                    "is_staff",
                    "is_superuser",
                    "groups",
                    "user_permissions",
                )
            },
        ),
        (_("Dates"), {"fields": ("created", "last_login")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        # Nobody may choose a guest's username, so the form would refuse to keep it.
        fixed = ("username",) if obj is not None and obj.is_guest else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        # Areas erase their own rows; only the people themselves are asked about.
        return (
            [str(person) for person in objs],
            {User._meta.verbose_name_plural: len(objs)},
            set(),
            [],
        )

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        request_erasure(obj, actor=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            request_erasure(person, actor=request.user)


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at; never to write, change or delete by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("sequence", "at", "action", "area", "actor", "subject")
    list_filter = ("area", "action")
    search_fields = ("=actor", "=subject")
    date_hierarchy = "at"


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("purpose", "version", "person", "given_at", "withdrawn_at")
    list_filter = ("purpose", "version")
    list_select_related = ("person",)


@admin.register(DataExport)
class DataExportAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "person", "state", "requested_at", "finished_at", "expires_at")
    list_filter = ("state",)
    list_select_related = ("person",)


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "requested_at", "finished_at")
    fields = ("public_id", "requested_at", "finished_at", "done")
