"""What one is told, one's settings, reports, appeals, and search."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moongate.social import reporting, search, throttle
from moongate.social.blocking import blocked_by, muted_by
from moongate.social.doors import answers, done, for_members, given, place_from
from moongate.social.errors import InvalidError, NotFoundError
from moongate.social.following import requests_of
from moongate.social.forms import AppealForm, PageForm, ReportForm
from moongate.social.models import Comment, Photo, Post, Report
from moongate.social.notifications import list_notifications, mark_read
from moongate.social.page_settings import change_page, set_cover, set_portrait
from moongate.social.pages import page_of
from moongate.social.photos.refusals import no_photo
from moongate.social.photos.visibility import visible_photos
from moongate.social.reading import dress, find_post
from moongate.social.showing import find_comment, find_person, followed_among, with_cards
from moongate.social.visits import keep_visitors

QUERY_MAX = 200
SHOWN = 100


@require_safe
@ensure_csrf_cookie
@for_members
def notifications(request: HttpRequest) -> HttpResponse:
    page = list_notifications(request.user, before=place_from(request))
    context = {
        "notices": page.notices,
        "next": page.next,
        "newest": page.notices[0].id if page.notices else 0,
        "has_unread": any(not notice.is_read for notice in page.notices),
        "waiting": requests_of(request.user).count(),
    }
    return render(request, "social/notifications.html", context)


@require_POST
@for_members
def read_notifications(request: HttpRequest) -> HttpResponse:
    """Mark everything up to `upto` as read."""
    sent = request.POST.get("upto", "")
    upto = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 20 else 0
    mark_read(request.user, upto=upto)
    return done(request, to=reverse("social:notifications"))


@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
@for_members
def settings(request: HttpRequest) -> HttpResponse:
    """What one's page says and who may follow; visitors; the blocked and the muted."""
    page = page_of(request.user)
    facts = {"about": page.about, "music": page.music, "is_private": page.is_private}
    form = PageForm(given(request), initial=facts)
    if request.method == "POST" and form.is_valid():
        try:
            change_page(request.user, **form.cleaned_data)
        except InvalidError as error:
            form.refuse(error)
        else:
            to = reverse("social:settings")
            return done(request, said=_("Your page is changed."), to=to)
    context = {
        "form": form,
        "page": page,
        "blocked": blocked_by(request.user)[:SHOWN],
        "muted": muted_by(request.user)[:SHOWN],
    }
    status = 422 if form.errors else 200
    return render(request, "social/settings.html", context, status=status)


@require_POST
@for_members
def change_visitors(request: HttpRequest) -> HttpResponse:
    """Switch one's visitors on, or with `do=undo` off."""
    is_on = request.POST.get("do") != "undo"
    keep_visitors(request.user, on=is_on)
    said = (
        _("Visitors are kept.") if is_on else _("Visitors are not kept, and those are forgotten.")
    )
    return done(request, said=said, to=reverse("social:settings"))


@require_POST
@for_members
def clear_picture(request: HttpRequest) -> HttpResponse:
    """Show no cover, or (`do=portrait`) no picture beside the name."""
    clear = set_portrait if request.POST.get("do") == "portrait" else set_cover
    clear(request.user, None)
    return done(request, to=reverse("social:settings"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def report(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    """Say that something should not be here."""
    thing = _seen(kind, public_id, request.user)
    form = ReportForm(given(request))
    if request.method == "POST" and form.is_valid():
        try:
            reporting.report(thing, by=request.user, **form.cleaned_data)
        except InvalidError as error:
            form.refuse(error)
        else:
            said = _("Thank you. Whoever runs this house will look at it.")
            return done(request, said=said, to=reverse("social:timeline"))
    context = {"form": form, "kind": kind, "thing": thing, "author": reporting.author_of(thing)}
    status = 422 if form.errors else 200
    return render(request, "social/report.html", context, status=status)


@require_safe
@for_members
def removed(request: HttpRequest) -> HttpResponse:
    """What of one's own was taken down, and why."""
    you = request.user
    own = Q(post__author=you) | Q(comment__author=you) | Q(photo__owner=you)
    rows = Report.objects.filter(own).exclude(
        decision__in=(Report.Decision.OPEN, Report.Decision.KEPT)
    )
    rows = rows.select_related("post", "comment", "photo").order_by("-decided")
    seen: dict[tuple[str, int], Report] = {}
    for row in rows[:SHOWN]:
        # Several reports of one thing are one case to its author.
        key = _kind_of(row), reporting.thing_of(row).pk
        if key not in seen or (row.appeal and not seen[key].appeal):
            seen[key] = row
    cases = [{"row": row, "kind": key[0]} for key, row in seen.items()]
    return render(request, "social/removed.html", {"cases": cases})


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def appeal(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    """Ask for something of one's own that was taken down."""
    thing = _own(kind, public_id, request.user)
    row = reporting.removal_of(thing, by=request.user)
    form = AppealForm(given(request))
    if request.method == "POST" and form.is_valid():
        try:
            reporting.appeal(thing, text=form.cleaned_data["text"], by=request.user)
        except InvalidError as error:
            form.refuse(error)
        else:
            said = _("Your appeal is with whoever runs this house.")
            return done(request, said=said, to=reverse("social:removed"))
    context = {"form": form, "row": row, "kind": kind, "thing": thing}
    status = 422 if form.errors else 200
    return render(request, "social/appeal.html", context, status=status)


@require_safe
@ensure_csrf_cookie
@answers
def find(request: HttpRequest) -> HttpResponse:
    """Search posts, or people (`kind=people`)."""
    query = request.GET.get("q", "").strip()[:QUERY_MAX]
    kind: Any = "people" if request.GET.get("kind") == "people" else "posts"
    is_member = request.user.is_authenticated and not request.user.is_guest
    hits: list[Any] = []
    place = None
    if query:
        if is_member:
            throttle.admit("search", request.user)
        try:
            page = search.search(query, request.user, kind, request.GET.get("before") or None)
        except search.CursorError as error:
            raise Http404(str(error)) from error
        hits, place = page.hits, page.next
    things = [hit.thing for hit in hits]
    if kind == "posts":
        things = with_cards(dress(things, request.user), request.user)
    else:
        things = followed_among(things, request.user)
    context = {
        "query": query,
        "kind": kind,
        "hits": list(zip(things, [hit.snippet for hit in hits], strict=True)),
        "next": place,
        "is_member": is_member,
    }
    return render(request, "social/search.html", context)


def _seen(kind: str, public_id: UUID, viewer: Any) -> Any:
    if kind == "photo":
        photo = visible_photos(viewer).select_related("owner").filter(public_id=public_id).first()
        if photo is None:
            raise no_photo()
        return photo
    finders = {"post": find_post, "comment": find_comment, "person": find_person}
    return finders[kind](public_id, viewer=viewer)


def _own(kind: str, public_id: UUID, owner: Any) -> Any:
    model, whose = {
        "post": (Post, "author"),
        "comment": (Comment, "author"),
        "photo": (Photo, "owner"),
    }[kind]
    thing = model.objects.filter(public_id=public_id, **{whose: owner}).first()
    if thing is None:
        reason = _("There is no such thing here.")
        raise NotFoundError(reason, _("It may have been taken back."))
    return thing


def _kind_of(row: Report) -> str:
    return "post" if row.post_id else "comment" if row.comment_id else "photo"
