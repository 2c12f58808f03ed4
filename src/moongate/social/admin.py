"""What the operator decides: the queue of reports with appeals, and photos that wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from moongate.social import reporting
from moongate.social.errors import SocialError
from moongate.social.models import Photo, Report, State
from moongate.social.photos.addresses import url_of
from moongate.social.releasing import release

THUMBNAIL = 160  # px on the page


class ReasonForm(ActionForm):
    """An action with the reason that the author will read."""

    because = forms.CharField(
        label=_("Reason"), max_length=reporting.TEXT_MAX, required=False, strip=True
    )


class Desk(admin.ModelAdmin):
    """Rows that are decided by actions, and never written, changed or deleted by hand."""

    action_form = ReasonForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = [field.name for field in self.model._meta.concrete_fields]
        return [*own, *(name for name in self.readonly_fields if name not in own)]

    def decide(
        self, request: HttpRequest, rows: QuerySet, verb: Callable[[Any, str], object]
    ) -> None:
        """Apply a verb to each row with the reason given, and say what became of them."""
        because = request.POST.get("because", "")
        done = 0
        for row in rows:
            try:
                verb(row, because)
            except SocialError as error:
                messages.error(request, f"{row}: {error.reason} {error.mend}")
            else:
                done += 1
        if done:
            messages.success(request, _("{count} decided.").format(count=done))


class Queue(admin.SimpleListFilter):
    """Which reports wait for the operator."""

    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Reports to decide")), ("appeals", _("Appeals to answer"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "open":
            return queryset.filter(decision=Report.Decision.OPEN).order_by("pk")
        if self.value() == "appeals":
            return reporting.open_appeals(queryset).order_by("pk")
        return queryset


@admin.register(Report)
class ReportAdmin(Desk):
    list_display = ("id", "reason", "what", "whose", "text", "decision", "appeal", "created")
    list_filter = (Queue, "decision", "reason")
    list_select_related = (
        "post__author",
        "comment__author",
        "photo__owner",
        "about",
    )
    readonly_fields = ("what", "whose")
    date_hierarchy = "created"
    actions = ("keep", "remove", "restore", "uphold", "reopen")

    @admin.display(description=_("what"))
    def what(self, row: Report) -> Any:
        thing = reporting.thing_of(row)
        return _thumbnail(thing) if isinstance(thing, Photo) else str(thing)

    @admin.display(description=_("whose"))
    def whose(self, row: Report) -> str:
        return str(reporting.author_of(reporting.thing_of(row)))

    @admin.action(description=_("Keep: nothing is wrong with it"), permissions=["change"])
    def keep(self, request: HttpRequest, rows: QuerySet[Report]) -> None:
        self.decide(
            request,
            rows,
            lambda row, because: reporting.keep_reported(row, by=request.user, because=because),
        )

    @admin.action(description=_("Remove, for the reason given"), permissions=["change"])
    def remove(self, request: HttpRequest, rows: QuerySet[Report]) -> None:
        self.decide(
            request,
            rows,
            lambda row, because: reporting.remove_reported(row, by=request.user, because=because),
        )

    @admin.action(description=_("Appeal: put it back"), permissions=["change"])
    def restore(self, request: HttpRequest, rows: QuerySet[Report]) -> None:
        self._answer(request, rows, restore=True)

    @admin.action(description=_("Appeal: it stays removed"), permissions=["change"])
    def uphold(self, request: HttpRequest, rows: QuerySet[Report]) -> None:
        self._answer(request, rows, restore=False)

    @admin.action(description=_("Open a person's account again"), permissions=["change"])
    def reopen(self, request: HttpRequest, rows: QuerySet[Report]) -> None:
        self.decide(
            request,
            rows,
            lambda row, because: reporting.restore_person(row, by=request.user, because=because),
        )

    def _answer(self, request: HttpRequest, rows: QuerySet[Report], *, restore: bool) -> None:
        self.decide(
            request,
            rows,
            lambda row, because: reporting.answer_appeal(
                row, restore=restore, by=request.user, because=because
            ),
        )


@admin.register(Photo)
class PhotoAdmin(Desk):
    list_display = ("thumbnail", "owner", "alt", "state", "created")
    list_filter = ("state",)
    list_select_related = ("owner",)
    readonly_fields = ("thumbnail",)
    date_hierarchy = "created"
    actions = ("show", "remove")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Photo]:
        # The operator sees what waits, was taken down or reported, and nobody's other photos.
        photos = super().get_queryset(request)
        reported = Report.objects.filter(photo__isnull=False).values("photo")
        return photos.filter(pk__in=reported) | photos.exclude(state=State.SHOWN)

    @admin.display(description=_("photo"))
    def thumbnail(self, photo: Photo) -> str:
        return _thumbnail(photo)

    @admin.action(description=_("Show: nothing is wrong with it"), permissions=["change"])
    def show(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        self.decide(request, photos, lambda photo, _because: release(photo))

    @admin.action(description=_("Remove, for the reason given"), permissions=["change"])
    def remove(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        self.decide(
            request,
            photos,
            lambda photo, because: reporting.take_down(
                photo, reason=Report.Reason.OTHER, by=request.user, because=because
            ),
        )


def _thumbnail(photo: Photo) -> str:
    smallest = min(photo.sizes, key=lambda size: (size["width"], size["format"] != "jpg"))
    address = url_of(photo, smallest)
    return format_html('<img src="{}" alt="{}" width="{}">', address, photo.alt, THUMBNAIL)
