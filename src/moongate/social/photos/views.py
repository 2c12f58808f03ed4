"""A photo's files, to those who may see it; and the door by which a photo comes in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from moongate.social.errors import SocialError
from moongate.social.models import Album, Photo
from moongate.social.photos.addresses import url_of
from moongate.social.photos.decode import MAX_BYTES
from moongate.social.photos.refusals import no_album
from moongate.social.photos.storage import file_of
from moongate.social.photos.verbs import add_photo
from moongate.social.photos.visibility import visible_photos

log = structlog.get_logger("moongate.social")

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# The bytes never change, but who may see them does: after a day a cache has to ask again.
MAX_AGE_S = 24 * 3600


@require_safe
def photo_file(request: HttpRequest, public_id: UUID, size: int, ext: str) -> HttpResponse:
    """One file of a photo that the viewer may see; 404 for every other."""
    photo = visible_photos(request.user).filter(public_id=public_id).first()
    wanted = (str(size), ext)
    if photo is None or wanted not in {(kept["name"], kept["format"]) for kept in photo.sizes}:
        raise Http404("no such photo")
    etag = f'"{photo.sha256[:32]}-{size}-{ext}"'
    response = get_conditional_response(request, etag=etag) or _whole(photo, *wanted)
    is_public = visible_photos(AnonymousUser()).filter(pk=photo.pk).exists()
    audience = "public" if is_public else "private"
    response["ETag"] = etag
    response["Cache-Control"] = f"{audience}, max-age={MAX_AGE_S}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    if not is_public:
        patch_vary_headers(response, ["Cookie"])
    return response


@require_POST
@never_cache
def upload(request: HttpRequest) -> HttpResponse:
    """Take one photo: multipart with `photo`, and if wanted `alt` and `album` (its id).

    201 with what it became; 401, 404, 413, 422, 429 or 503 with `reason` and `mend`.
    """
    if not request.user.is_authenticated or request.user.is_guest:
        reason = _("Photos are kept for people with an account.")
        return _refuse(401, SocialError(reason, _("Sign in first.")))
    files = request.FILES.getlist("photo")
    if len(files) != 1 or len(request.FILES) != 1:
        reason = _("photo: one file is expected.")
        return _refuse(422, SocialError(reason, _("Send one photo at a time.")))
    file = files[0]
    # Read to one byte past the limit: enough for the decoder to say that it is too large.
    data = file.read(MAX_BYTES + 1)
    try:
        album = _album_of(request)
        alt = request.POST.get("alt", "")
        photo = add_photo(request.user, data, name=file.name or "", alt=alt, album=album)
    except SocialError as error:
        return _refuse(413 if len(data) > MAX_BYTES else error.status, error)
    return JsonResponse(_facts(photo), status=201)


def _whole(photo: Photo, name: str, ext: str) -> HttpResponse:
    try:
        data = file_of(photo.public_id, name, ext).read_bytes()
    except FileNotFoundError:
        log.error("photo file missing", photo=str(photo.public_id), file=f"{name}.{ext}")
        raise Http404("no such photo") from None
    return HttpResponse(data, content_type=TYPES[ext])


def _album_of(request: HttpRequest) -> Album | None:
    given = request.POST.get("album", "").strip()
    if not given:
        return None
    try:
        public_id = UUID(given)
    except ValueError:
        raise no_album() from None
    album = Album.objects.filter(public_id=public_id, owner=request.user).first()
    if album is None:
        raise no_album()
    return album


def _facts(photo: Photo) -> dict[str, Any]:
    return {
        "id": str(photo.public_id),
        "width": photo.width,
        "height": photo.height,
        "blurhash": photo.blurhash,
        "sizes": [{**size, "url": url_of(photo, size)} for size in photo.sizes],
        "state": photo.state,
    }


def _refuse(status: int, error: SocialError) -> HttpResponse:
    answer: dict[str, Any] = {"reason": error.reason, "mend": error.mend}
    if error.retry_after_s:
        answer["retry_after_s"] = error.retry_after_s
    response = JsonResponse(answer, status=status)
    if error.retry_after_s:
        response["Retry-After"] = str(error.retry_after_s)
    return response
