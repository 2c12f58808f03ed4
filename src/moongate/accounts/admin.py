"""People in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moongate.accounts.models import User


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
