"""The command `moongate`. Each part is imported only when its command is called."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence

from moongate import __version__

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


def main(arguments: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["manage"]:
        return manage(words[1:])
    parser = build_parser()
    chosen = parser.parse_args(words)
    if not hasattr(chosen, "function"):
        parser.print_help()
        return 2
    try:
        return chosen.function(chosen) or 0
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing left to say, and no traceback for it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="moongate", description="Moongate: one door to it all.")
    parser.add_argument("--version", action="version", version=f"Moongate {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    add_run(commands)
    manage_help = "operate the site (moongate manage help lists what there is)"
    commands.add_parser("manage", help=manage_help, add_help=False)
    for service in ("accounts", "social", "race", "health"):
        name = f"moongate.{service}.cli"
        if importlib.util.find_spec(name):
            importlib.import_module(name).register(commands)
    return parser


def add_run(commands) -> None:
    run = commands.add_parser("run", help="start the site")
    run.add_argument("--host", default=DEFAULT_HOST, help=f"address ({DEFAULT_HOST})")
    run.add_argument("--port", type=port_number, default=DEFAULT_PORT, help=f"({DEFAULT_PORT})")
    run.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="load demo content, labelled as such",
    )
    run.set_defaults(function=start)


def port_number(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535 (received: {text!r})")
    return int(text)


def start(chosen: argparse.Namespace) -> int:
    from moongate.site.server import run

    return run(chosen.host, chosen.port, chosen.demo)


def manage(words: list[str]) -> int:
    """Django's own commands with our settings, for operators."""
    from moongate.site.server import CannotRun, set_up_django

    try:
        set_up_django()
    except CannotRun as error:
        print(f"moongate: {error}", file=sys.stderr)
        return 1
    from django.core.management import execute_from_command_line

    execute_from_command_line(["moongate manage", *words])
    return 0
