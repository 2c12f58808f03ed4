"""The API on what a person is told, and on what they report."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from moongate.social import notifications, reporting
from moongate.social.api_doors import READ, REPORT
from moongate.social.api_people import find_person
from moongate.social.api_shapes import (
    ID_MAX,
    PAGE_SIZE,
    REFUSED,
    REFUSED_WRITE,
    Before,
    Done,
    Limit,
    NoticesOut,
    notice_out,
)
from moongate.social.errors import NotFoundError, no_comment
from moongate.social.models import Photo
from moongate.social.photos.visibility import visible_photos
from moongate.social.reading import find_post
from moongate.social.visibility import visible_comments

router = Router()


class ReadIn(Schema):
    upto: Annotated[int, Field(ge=1, le=ID_MAX, description="the id of a notification")]


class ReportIn(Schema):
    kind: Literal["post", "comment", "photo", "person"]
    id: UUID
    reason: Literal["spam", "hate", "violence", "sexual", "child", "self_harm", "rights", "other"]
    text: str = Field(default="", max_length=reporting.TEXT_MAX)


class ReportOut(Schema):
    id: int
    decision: str


@router.get(
    "/notifications",
    auth=READ,
    response={200: NoticesOut, **REFUSED},
    summary="What others did that you may want to know, newest first",
)
def notices(request: HttpRequest, before: Before = None, limit: Limit = PAGE_SIZE) -> NoticesOut:
    page = notifications.list_notifications(request.auth, before=before, limit=limit)
    return NoticesOut(items=[notice_out(notice) for notice in page.notices], next=page.next)


@router.put(
    "/notifications/read",
    auth=READ,
    response={200: Done, **REFUSED_WRITE},
    summary="Mark notifications as read",
)
def mark_read(request: HttpRequest, wanted: ReadIn) -> Done:
    return Done(changed=bool(notifications.mark_read(request.auth, upto=wanted.upto)))


@router.post(
    "/reports",
    auth=REPORT,
    response={201: ReportOut, **REFUSED_WRITE},
    summary="Report a post, a comment, a photo or a person",
)
def report(request: HttpRequest, wanted: ReportIn) -> Any:
    thing = _thing(wanted, request.auth)
    row = reporting.report(thing, reason=wanted.reason, text=wanted.text, by=request.auth)
    return Status(201, ReportOut(id=row.pk, decision=row.decision))


def _thing(wanted: ReportIn, viewer: Any) -> Model:
    if wanted.kind == "post":
        return find_post(wanted.id, viewer=viewer)
    if wanted.kind == "person":
        return find_person(wanted.id, by=viewer)
    if wanted.kind == "comment":
        comment = visible_comments(viewer).filter(public_id=wanted.id).first()
        if comment is None:
            raise no_comment()
        return comment
    photo: Photo | None = visible_photos(viewer).filter(public_id=wanted.id).first()
    if photo is None:
        raise NotFoundError(_("There is no such photo."), _("It may have been taken back."))
    return photo
