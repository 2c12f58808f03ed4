"""Bluesky's Jetstream: the lines of `/subscribe` (v1, also its first short form) and of
`network.bsky.jetstream.subscribeEvents` (v2). docs/streams.md shows one of each.
"""

from __future__ import annotations

import msgspec

from moongate.social.streams.events import (
    ALT_MAX,
    FOREVER,
    IMAGES_MAX,
    REF_MAX,
    Deletion,
    Departure,
    Event,
    Image,
    Malformed,
    PublicPost,
    clean,
    decode,
    identifier,
    language,
    micros,
    tag_words,
)

VERSION = 1
POSTS = "app.bsky.feed.post"

_KINDS = {"com": "commit", "acc": "account", "id": "identity"}
_OPERATIONS = {"c": "create", "u": "update", "d": "delete"}
_V2 = "network.bsky.jetstream.subscribeEvents#"
# A host that lags or is slow is no wish of the person's.
_HOSTING = {"desynchronized", "throttled"}
_NOT_PUBLIC = "!no-unauthenticated"
# From a TID's digits of base 32 to those that Python counts in; anything else is no digit at all.
_TID_LENGTH = 13
_TID_DIGITS = bytearray(b"!" * 256)
for _value, _digit in enumerate(b"234567abcdefghijklmnopqrstuvwxyz"):
    _TID_DIGITS[_digit] = b"0123456789abcdefghijklmnopqrstuv"[_value]
_NOTHING = msgspec.Raw()


class _Commit(msgspec.Struct, gc=False):
    rev: str = ""
    operation: str = ""
    type: str = ""
    op_type: str = msgspec.field(name="opType", default="")
    collection: str = ""
    rkey: str = ""
    record: msgspec.Raw = _NOTHING


class _Account(msgspec.Struct, gc=False):
    active: bool = True
    status: str | None = None
    time: str = ""


class _Sync(msgspec.Struct, gc=False):
    rev: str = ""


class _Payload(msgspec.Struct, gc=False):
    lexicon: str = msgspec.field(name="$type", default="")
    did: str = ""
    time: str = ""
    witnessed: str = msgspec.field(name="witnessedAt", default="")
    rev: str = ""
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: msgspec.Raw = _NOTHING
    account: _Account | None = None
    sync: _Sync | None = None


class _Frame(msgspec.Struct, gc=False):
    lexicon: str = msgspec.field(name="$type", default="")
    payload: _Payload | None = None
    did: str = ""
    time_us: int = 0
    kind: str = ""
    type: str = ""
    commit: _Commit | None = None
    account: _Account | None = None


class _Link(msgspec.Struct, gc=False):
    link: str = msgspec.field(name="$link", default="")


class _Blob(msgspec.Struct, gc=False):
    ref: _Link | None = None
    cid: str = ""


class _EmbedImage(msgspec.Struct, gc=False):
    image: _Blob
    alt: str = ""


class _Embed(msgspec.Struct, gc=False):
    lexicon: str = msgspec.field(name="$type", default="")
    images: msgspec.Raw = _NOTHING
    media: msgspec.Raw = _NOTHING


class _Feature(msgspec.Struct, gc=False):
    tag: str = ""


class _Facet(msgspec.Struct, gc=False):
    features: list[_Feature] = []


class _Label(msgspec.Struct, gc=False):
    val: str = ""


class _Labels(msgspec.Struct, gc=False):
    values: list[_Label] = []


class _Record(msgspec.Struct, gc=False):
    text: str = ""
    created: str = msgspec.field(name="createdAt", default="")
    langs: list[str] | None = None
    tags: list[str] | None = None
    embed: _Embed | None = None
    facets: list[_Facet] | None = None
    reply: msgspec.Raw = _NOTHING
    labels: _Labels | None = None


class _PostCommit(msgspec.Struct, gc=False):
    rev: str = ""
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: _Record | None = None


class _PostFrame(msgspec.Struct, gc=False):
    lexicon: str = msgspec.field(name="$type", default="")
    did: str = ""
    time_us: int = 0
    kind: str = ""
    commit: _PostCommit | None = None


_frames = msgspec.json.Decoder(_Frame)
_post_frames = msgspec.json.Decoder(_PostFrame)
_records = msgspec.json.Decoder(_Record)
_embeds = msgspec.json.Decoder(_Embed)
_images = msgspec.json.Decoder(list[_EmbedImage])


def parse(line: bytes) -> Event | None:
    """What a line says; None for what is no post, nor the end of one. Raises Malformed."""
    # Most lines are posts of version 1: those are read in one go, anything else with more care.
    try:
        seen = _post_frames.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        seen = None
    if seen and seen.kind == "commit" and not seen.lexicon and (commit := seen.commit):
        record = commit.record
        if commit.collection == POSTS and commit.operation == "create" and record is not None:
            witnessed = _v1_time(seen.time_us)
            post_id = f"{_did(seen.did)}/{identifier(commit.rkey, 'rkey')}"
            return _post(post_id, seen.did, commit.rev, record, witnessed)
    return _parse_with_care(line)


def _parse_with_care(line: bytes) -> Event | None:
    frame = decode(_frames, line)
    if frame.lexicon:
        return _parse_v2(frame)
    kind = frame.kind or frame.type
    kind = _KINDS.get(kind, kind)
    if not kind:
        raise Malformed("kind: is missing")
    if kind == "commit":
        commit = frame.commit
        if commit is None:
            raise Malformed("commit: is missing")
        if commit.collection != POSTS:
            return None
        operation = commit.operation or commit.op_type or commit.type
        return _commit(
            _OPERATIONS.get(operation, operation), frame.did, commit, _v1_time(frame.time_us)
        )
    if kind == "account" and frame.account:
        return _account(frame.did, frame.account, _v1_time(frame.time_us))
    return None


def cursor_of(line: bytes) -> int:
    """The time (microseconds) a line was witnessed, to go on from; 0 when it has none."""
    try:
        frame = decode(_frames, line)
        if frame.payload is not None:
            return micros(frame.payload.witnessed or frame.payload.time, "time")
    except Malformed:
        return 0
    return max(frame.time_us, 0)


def _parse_v2(frame: _Frame) -> Event | None:
    if frame.lexicon != "message":
        return None  # an error ends the connection; anything else is of a newer server
    payload = frame.payload
    if payload is None or not payload.lexicon:
        raise Malformed("payload.$type: is missing")
    variant = payload.lexicon.removeprefix(_V2)
    if variant == "commit":
        if payload.collection != POSTS:
            return None
        witnessed = micros(payload.witnessed or payload.time, "payload.time")
        return _commit(payload.operation, payload.did, payload, witnessed)
    if variant == "account" and payload.account:
        witnessed = micros(payload.witnessed or payload.time, "payload.time")
        return _account(payload.did, payload.account, witnessed)
    if variant == "sync" and payload.sync:
        # The account's records are sent anew, at this revision: what is older has no word left.
        until = _tid_micros(payload.sync.rev)
        return Departure(_did(payload.did), until - 1) if until else None
    return None


def _commit(operation: str, did: str, commit: _Commit | _Payload, witnessed: int) -> Event | None:
    post_id = f"{_did(did)}/{identifier(commit.rkey, 'rkey')}"
    if operation == "delete":
        return Deletion(post_id)
    if operation not in ("create", "update"):
        raise Malformed(
            f"operation: must be create, update or delete (received: {operation[:20]!r})"
        )
    if not bytes(commit.record):
        raise Malformed("record: is missing")
    return _post(post_id, did, commit.rev, decode(_records, commit.record), witnessed)


def _post(id: str, author: str, rev: str, record: _Record, witnessed: int) -> PublicPost | None:
    labels = [label.val for label in record.labels.values] if record.labels else ()
    if _NOT_PUBLIC in labels:
        return None
    # The revision is the same on every instance, the time of witnessing is not; but a clock that
    # runs ahead must not outlive its owner's departure.
    revised = _tid_micros(rev)
    return PublicPost(
        id=id,
        author=author,
        created=_created(record.created, witnessed),
        version=min(revised, witnessed) if revised else witnessed,
        text=clean(record.text),
        lang=language(record.langs[0]) if record.langs else "",
        tags=_tags(record),
        images=_pictures(record.embed) if record.embed else (),
        is_reply=record.reply is not _NOTHING and bytes(record.reply) != b"null",
        is_sensitive=bool(labels),
    )


def _account(did: str, account: _Account, witnessed: int) -> Departure | None:
    if account.active or account.status in _HOSTING:
        return None
    if account.status == "deleted":
        return Departure(_did(did), FOREVER)
    return Departure(_did(did), micros(account.time, "account.time") if account.time else witnessed)


def _created(claimed: str, witnessed: int) -> int:
    """The author's clock is believed unless it is ahead or says nothing that is a time."""
    try:
        return min(micros(claimed, "createdAt"), witnessed)
    except Malformed:
        return witnessed


def _tags(record: _Record) -> tuple[str, ...]:
    if not record.tags and not record.facets:
        return ()
    words = list(record.tags or ())
    if record.facets:
        words += [part.tag for facet in record.facets for part in facet.features if part.tag]
    return tag_words(words)


def _pictures(embed: _Embed) -> tuple[Image, ...]:
    if embed.lexicon == "app.bsky.embed.recordWithMedia" and bytes(embed.media):
        embed = decode(_embeds, embed.media)
    if embed.lexicon != "app.bsky.embed.images" or not bytes(embed.images):
        return ()
    found = []
    for shown in decode(_images, embed.images)[:IMAGES_MAX]:
        cid = shown.image.ref.link if shown.image.ref else shown.image.cid
        if cid.isalnum() and len(cid) < REF_MAX:
            found.append(Image(f"cid:{cid}", clean(shown.alt, ALT_MAX)))
    return tuple(found)


def _v1_time(time_us: int) -> int:
    if not 0 < time_us < 7_258_118_400_000_000:  # 2200
        raise Malformed(f"time_us: must be microseconds since 1970 (received: {time_us})")
    return time_us


def _did(did: str) -> str:
    if not did.startswith("did:"):
        raise Malformed(f"did: must start with did: (received: {did[:40]!r})")
    return identifier(did, "did")


def _tid_micros(tid: str) -> int:
    """The microseconds in a TID (13 digits of base 32, the last ten bits a clock's id), or 0."""
    if len(tid) != _TID_LENGTH:
        return 0
    try:
        return int(tid.encode("ascii").translate(_TID_DIGITS), 32) >> 10
    except ValueError:
        return 0
