"""The operator's view of interest in landmarks: days, totals, and a file for a spreadsheet."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from moongate.race.interest import totals
from moongate.race.models import LandmarkInterest

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@admin.register(LandmarkInterest)
class LandmarkInterestAdmin(admin.ModelAdmin):
    change_list_template = "admin/race/interest.html"
    list_display = ("day", "landmark", "track", "edition", "collected")
    list_filter = ("edition", "track", "day")
    search_fields = ("landmark", "track")
    date_hierarchy = "day"
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        mine = self.admin_site.admin_view(self.totals_file)
        return [path("totals.csv", mine, name="race_interest_csv"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            context["totals"] = totals(context["cl"].queryset)
            context["query"] = request.GET.urlencode()
        return response

    def totals_file(self, request: HttpRequest) -> HttpResponse:
        """The totals of the rows that the list's own filters choose, as CSV."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        chosen = self.get_changelist_instance(request).queryset
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="landmark-interest.csv"'
        response.write("\ufeff")  # a spreadsheet would take Chinese for something else
        writer = csv.writer(response)
        head = (_("edition"), _("track"), _("landmark"), _("name"), _("cards collected"))
        writer.writerow([str(word) for word in head])
        for total in totals(chosen):
            row = (total.edition, total.track, total.landmark, total.name, total.collected)
            writer.writerow([plain(cell) for cell in row])
        return response


def plain(cell: Any) -> Any:
    """A cell that a spreadsheet reads as text and never as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
