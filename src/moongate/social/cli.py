"""`moongate social …`: import public streams as data, and keep the search index."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

TOKEN_MAX = 1_000


def register(commands: Any) -> None:
    """Adds `social` and its commands to the `moongate` command."""
    social = commands.add_parser("social", help="public streams as data, the search index")
    social.set_defaults(function=lambda chosen: social.print_help() or 2)
    inner = social.add_subparsers(title="commands", metavar="COMMAND")

    text = "import public posts from a file or as they happen; goes on where it stopped"
    take = inner.add_parser("import", help=text, description=text)
    take.add_argument("format", choices=("jetstream", "mastodon", "posts"))
    take.add_argument("place", metavar="FILE_OR_URL", help="a file, or wss://… or https://…")
    take.add_argument("--limit", type=_positive, metavar="N", help="stop after so many posts")
    take.add_argument("--rejects", type=Path, metavar="FILE", help="where unreadable lines go")
    whose = "the server or collection whose ids these are (of a URL: its host)"
    take.add_argument("--source", default="", metavar="NAME", help=whose)
    take.add_argument("--from-start", action="store_true", help="read all of it again")
    take.add_argument("--token-file", type=Path, metavar="FILE", help="a Mastodon access token")
    take.add_argument("--allow-loopback", action="store_true", help="also a server on this machine")
    take.add_argument("--json", action="store_true", help="print JSON")
    take.set_defaults(function=_guarded(import_posts))

    text = "make the search index anew, from all posts and people"
    again = inner.add_parser("reindex", help=text, description=text)
    again.add_argument("--json", action="store_true", help="print JSON")
    again.set_defaults(function=_guarded(reindex))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number of 1 or more (received: {text!r})")
    return int(text)


def _guarded(function: Any) -> Any:
    """Turns what a user can mend into a line on standard error and exit code 1."""

    def call(chosen: argparse.Namespace) -> int:
        from django.core.exceptions import ImproperlyConfigured
        from django.db import DatabaseError

        from moongate.social.streams.faults import StreamError

        try:
            return int(function(chosen) or 0)
        except (StreamError, ImproperlyConfigured, DatabaseError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            if chosen.json:
                print(json.dumps({"error": str(error)}))
            print(f"moongate social: {error}", file=sys.stderr)
            return 1

    return call


def import_posts(chosen: argparse.Namespace) -> int:
    """Exit code 0 when all was read, 130 after Ctrl-C; rejected lines are no failure."""
    _set_up()
    from django.conf import settings

    from moongate.social.streams.importing import import_stream
    from moongate.social.streams.sources import open_stream

    stream = open_stream(
        chosen.format,
        chosen.place,
        source=chosen.source,
        allow_loopback=chosen.allow_loopback,
        token=_token(chosen.token_file),
    )
    rejects = chosen.rejects or Path(settings.HOME) / "rejects" / f"{chosen.format}.jsonl"
    outcome = import_stream(
        stream, rejects=rejects, limit=chosen.limit, from_start=chosen.from_start
    )
    if chosen.json:
        print(json.dumps(outcome.as_json()))
    else:
        print(
            f"{outcome.posts:,} posts and {outcome.deletions:,} deletions from {outcome.lines:,} "
            f"lines in {outcome.seconds:.1f} s ({outcome.posts_per_s:,.0f} posts/s); "
            f"{outcome.skipped:,} skipped, {outcome.kept_out:,} deleted before they came"
        )
        if outcome.rejects:
            print(f"{outcome.rejects:,} lines could not be read: {outcome.rejects_file}")
    return 130 if outcome.interrupted else 0


def reindex(chosen: argparse.Namespace) -> int:
    """Says how many posts and people can be found now."""
    _set_up()
    from moongate.social import search

    entries = search.rebuild()
    print(json.dumps({"entries": entries}) if chosen.json else f"{entries:,} entries")
    return 0


def _token(path: Path | None) -> str:
    return path.read_text(encoding="ascii")[:TOKEN_MAX].strip() if path else ""


def _set_up() -> None:
    """Django with the site's settings, and the tables there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moongate.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
