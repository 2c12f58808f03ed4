"""Which source a format and a file or address mean."""

from __future__ import annotations

from pathlib import Path

from moongate.social.streams import jetstream, mastodon, posts
from moongate.social.streams.faults import StreamError
from moongate.social.streams.files import line_source, post_source
from moongate.social.streams.importing import Stream
from moongate.social.streams.live import JetstreamSource, mastodon_source

SOURCE_MAX = 60


def open_stream(
    kind: str, place: str, *, source: str = "", allow_loopback: bool = False, token: str = ""
) -> Stream:
    """The stream of a kind (jetstream, mastodon, posts) in a file or at an address.

    `source` names the server or collection that the ids belong to. Raises StreamError.
    """
    if len(source) > SOURCE_MAX or not source.isprintable():
        raise StreamError(f"--source must have at most {SOURCE_MAX} printable characters.")
    is_live = "://" in place
    if kind == "jetstream":
        parser = f"jetstream/{jetstream.VERSION}"
        if is_live:
            return Stream(JetstreamSource(place, allow_loopback), parser, "bluesky", "bluesky")
        lines = line_source(Path(place), jetstream.parse, array=False)
        return Stream(lines, parser, "bluesky", "bluesky")
    if kind == "mastodon":
        parser = f"mastodon/{mastodon.VERSION}"
        if is_live:
            live = mastodon_source(place, allow_loopback, token)
            return Stream(live, parser, f"mastodon {source or live.host}"[:80], "mastodon")
        lines = line_source(Path(place), mastodon.parser(source), array=True)
        return Stream(lines, parser, f"mastodon {source}".strip(), "mastodon")
    if kind != "posts":
        raise StreamError(f"the format must be jetstream, mastodon or posts (received: {kind!r}).")
    if is_live:
        raise StreamError("posts are read from files; fetch the file first, then name it.")
    origin = f"posts {source}".strip()
    return Stream(post_source(Path(place)), f"posts/{posts.VERSION}", origin, origin)
