"""The race over HTTP, mounted at /api/race/ (`openapi.json` beside it describes it)."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Schema, Status
from ninja.errors import HttpError, ValidationError
from ninja.utils import check_csrf
from pydantic import Field

from moongate.accounts.guests import current_person, ensure_person
from moongate.race import board, catalogue, interest, records, throttle
from moongate.race.models import Record
from moongate.race.replay import MAX_BYTES, ReplayError
from moongate.race.wardrobe import outfit_of

REPLAY_TYPE = "application/octet-stream"
VERIFIERS = threading.BoundedSemaphore(2)
VERIFIER_WAIT_S = 5.0

Slug = Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9-]+$")]

Address = Annotated[str, Field(max_length=130, pattern=r"^[a-z0-9_-]+$")]

api = NinjaAPI(
    title="Moongate race",
    version="1",
    description="Tracks, records and their replays. Every time was driven again by the server.",
    urls_namespace="race-api",
    docs_url=None,
)


class Refusal(Schema):
    """Why not, and what mends it, in the reader's language."""

    reason: str
    mend: str


class Wait(Refusal):
    retry_after_s: int


class CourseOut(Schema):
    slug: str
    name: dict[str, str]
    id: str = Field(description="16 hex digits: the hash of the track's table")
    laps: int
    length_m: float | None = None
    edition: str
    table_url: str
    scenery_url: str


class CardsIn(Schema):
    """Visitor's cards that somebody collected; who it was is not said."""

    course: Address = Field(description="the course's address, as in /tracks")
    cards: list[Slug] = Field(
        min_length=1, max_length=interest.MOST_CARDS, description="landmarks, by their short names"
    )


class Counted(Schema):
    counted: int


class PlayerOut(Schema):
    name: str
    guest: bool


class Entered(Schema):
    id: UUID
    rank: int | None = Field(description="on the race's board; null when not the player's best")
    finish_ticks: int
    lap_ticks: list[int]
    best_lap_ticks: int
    time_ms: int
    lap_ms: list[int]
    best_lap_ms: int
    personal_best: bool
    player: PlayerOut


class RowOut(Schema):
    id: UUID
    rank: int
    player: PlayerOut
    time_ms: int
    lap_ms: int
    created: datetime
    is_you: bool
    demo: bool


class OutfitOut(Schema):
    outfit: dict[str, Any] | None = Field(description="null for whoever never chose one")


class BoardOut(Schema):
    items: list[RowOut]
    you: RowOut | None
    next: str | None
    total: int


def _refuse(status: int, reason: str, mend: str, **more: Any) -> JsonResponse:
    response = JsonResponse({"reason": reason, "mend": mend, **more}, status=status)
    if "retry_after_s" in more:
        response["Retry-After"] = str(more["retry_after_s"])
    return response


@api.exception_handler(ReplayError)
def _replay_refused(request: HttpRequest, error: ReplayError) -> HttpResponse:
    values = {**error.values}
    if "name" in values:
        values["name"] = _(str(values["name"]))
    return _refuse(422, _(error.template).format(**values), _(error.mend))


@api.exception_handler(catalogue.NoCourseError)
def _no_course(request: HttpRequest, error: catalogue.NoCourseError) -> HttpResponse:
    reason = _("There is no track named “{slug}” here.").format(slug=str(error)[:64])
    return _refuse(404, reason, _("Choose one from /api/race/tracks."))


@api.exception_handler(records.PlayerGoneError)
def _player_gone(request: HttpRequest, error: records.PlayerGoneError) -> HttpResponse:
    reason = _("You signed in while this race was being sent.")
    return _refuse(503, reason, _("Wait a little and send it again."), retry_after_s=1)


@api.exception_handler(board.CursorError)
def _no_cursor(request: HttpRequest, error: board.CursorError) -> HttpResponse:
    mend = _("Give what the page before named as “next”.")
    return _refuse(422, _("“after” does not name a place on the board."), mend)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _refuse(404, _("There is no such record."), _("Choose one from the board."))


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors)
    return _refuse(422, faults, _("Correct the request; openapi.json describes it."))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _refuse(
        error.status_code,
        str(error),
        _("Correct the request; openapi.json describes it."),
    )


@api.get("/tracks", response=list[CourseOut], summary="The tracks that can be raced")
def tracks(request: HttpRequest) -> list[CourseOut]:
    return [
        CourseOut(
            slug=course.slug,
            name=course.names,
            id=course.track_id,
            laps=course.laps,
            length_m=course.facts.get("length_m"),
            edition=course.edition,
            table_url=course.table_url,
            scenery_url=course.scenery_url,
        )
        for course in catalogue.courses().values()
    ]


@api.get(
    "/records",
    response={200: BoardOut, 404: Refusal, 422: Refusal},
    summary="The board of a track: each player's best",
)
def read_records(
    request: HttpRequest,
    track: Slug,
    kind: Literal["race", "lap"] = "race",
    limit: Annotated[int, Query(ge=1, le=board.MOST)] = board.PAGE,
    after: Annotated[str | None, Query(max_length=80)] = None,
) -> BoardOut:
    page = board.read_board(
        catalogue.course(track),
        kind=kind,
        viewer=current_person(request),
        limit=limit,
        after=after,
    )
    return BoardOut(
        items=[_row(row) for row in page.rows],
        you=_row(page.you) if page.you else None,
        next=page.next,
        total=page.total,
    )


@api.post(
    "/records",
    response={
        200: Entered,
        201: Entered,
        403: Refusal,
        404: Refusal,
        413: Refusal,
        415: Refusal,
        422: Refusal,
        429: Wait,
        503: Wait,
    },
    summary="Send a finished race; it is driven again before it is entered",
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A replay file (docs/replay-format.md). Sent again, it answers 200.",
            "content": {REPLAY_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        },
        "parameters": [
            {
                "in": "header",
                "name": "X-CSRFToken",
                "required": True,
                "schema": {"type": "string"},
                "description": "the value of the cookie csrftoken",
            }
        ],
    },
)
def enter_record(request: HttpRequest, track: Slug) -> Any:
    refused = _unfit(request)
    if refused is not None:
        return refused
    person = current_person(request)
    wait = throttle.wait_s(str(person.pk) if person else "", request.META.get("REMOTE_ADDR", ""))
    if wait:
        reason = _("That was a lot of replays in a short time.")
        mend = _("Wait a little and send it again.")
        return _refuse(429, reason, mend, retry_after_s=wait)
    data = request.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        return _too_large()
    if not VERIFIERS.acquire(timeout=VERIFIER_WAIT_S):
        reason = _("The server is driving many replays at the moment.")
        return _refuse(503, reason, _("Wait a little and send it again."), retry_after_s=5)
    try:
        claim = records.prove(data, slug=track)
    finally:
        VERIFIERS.release()
    records.refuse_taken(claim, player=person)
    entry = records.enter_record(claim, player=ensure_person(request))
    return Status(201 if entry.new else 200, _entered(entry))


@api.get(
    "/records/{record_id}/replay",
    response={200: bytes, 304: None, 404: Refusal},
    summary="The replay of a record: its ghost",
    openapi_extra={
        "responses": {
            200: {
                "description": "The replay file",
                "content": {REPLAY_TYPE: {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def replay(request: HttpRequest, record_id: UUID) -> HttpResponse:
    facts = get_object_or_404(
        Record.objects.values("replay_sha256", "track_slug", "time_ms"), pk=record_id
    )
    etag = f'"{facts["replay_sha256"]}"'
    seen = [
        tag.strip().removeprefix("W/")
        for tag in request.headers.get("If-None-Match", "").split(",")
    ]
    if etag in seen or "*" in seen:
        response = HttpResponse(status=304)
    else:
        data = bytes(Record.objects.values_list("replay", flat=True).get(pk=record_id))
        response = HttpResponse(data, content_type=REPLAY_TYPE)
        name = f"moongate-{facts['track_slug']}-{facts['time_ms']}.mgrp"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@api.get(
    "/records/{record_id}/outfit",
    response={200: OutfitOut, 404: Refusal},
    summary="What the driver of a record wears: its ghost's clothes",
)
def outfit(request: HttpRequest, record_id: UUID) -> OutfitOut:
    record = get_object_or_404(
        Record.objects.select_related("player").defer("replay"), pk=record_id
    )
    return OutfitOut(outfit=outfit_of(record.player))


@api.post(
    "/interest",
    response={200: Counted, 404: Refusal, 415: Refusal, 422: Refusal, 429: Wait},
    summary="Count collected visitor's cards, without saying whose they are",
)
def count_interest(request: HttpRequest, told: CardsIn) -> Any:
    # Another site's page cannot send this type without asking first.
    if request.content_type != "application/json":
        reason = _("Cards are sent as {wanted}.").format(wanted="application/json")
        return _refuse(415, reason, _("Correct the request; openapi.json describes it."))
    wait = throttle.card_wait_s(request.META.get("REMOTE_ADDR", ""))
    if wait:
        reason = _("That was a lot of cards in a short time.")
        return _refuse(429, reason, _("Wait a little and send it again."), retry_after_s=wait)
    course = catalogue.course(told.course)
    return Counted(counted=interest.count_cards(course, told.cards, day=timezone.localdate()))


def _unfit(request: HttpRequest) -> HttpResponse | None:
    """Refuse a request by its headers, before a byte of the body is read."""
    if request.content_type != REPLAY_TYPE:
        reason = _("A replay is sent as {wanted}, not as {given}.")
        reason = reason.format(wanted=REPLAY_TYPE, given=request.content_type[:80] or "—")
        return _refuse(415, reason, _("Send the file's bytes as the body."))
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = MAX_BYTES + 1
    if length > MAX_BYTES:
        return _too_large()
    if check_csrf(request) is not None:
        mend = _("Reload the page, so that your browser has a fresh token, and send it again.")
        return _refuse(403, _("The request does not prove that it comes from this site."), mend)
    return None


def _too_large() -> HttpResponse:
    reason = _("A replay has at most {most} bytes.").format(most=MAX_BYTES)
    return _refuse(413, reason, _("Send one race, not several."))


def _player(record: Record) -> PlayerOut:
    return PlayerOut(name=str(record.player), guest=record.player.is_guest)


def _row(row: board.Row) -> RowOut:
    record = row.record
    return RowOut(
        id=record.pk,
        rank=row.rank,
        player=_player(record),
        time_ms=record.time_ms,
        lap_ms=record.best_lap_ms,
        created=record.created,
        is_you=row.is_you,
        demo=record.is_demo,
    )


def _entered(entry: records.Entry) -> Entered:
    record = entry.record
    return Entered(
        id=record.pk,
        rank=board.rank_of(record, "race"),
        finish_ticks=record.finish_ticks,
        lap_ticks=record.lap_ticks,
        best_lap_ticks=record.best_lap_ticks,
        time_ms=record.time_ms,
        lap_ms=record.lap_ms,
        best_lap_ms=record.best_lap_ms,
        personal_best=entry.personal_best,
        player=_player(record),
    )
