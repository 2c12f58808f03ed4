"""`moongate accounts …`: prove that the audit log was not tampered with."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from typing import Any

ANCHOR = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


def register(commands: Any) -> None:
    """Adds `accounts` and its commands to the `moongate` command."""
    accounts = commands.add_parser("accounts", help="people and the audit log")
    accounts.set_defaults(function=lambda chosen: accounts.print_help() or 2)
    inner = accounts.add_subparsers(title="commands", metavar="COMMAND")
    text = "walk the audit log and name the first entry that does not hold"
    verify = inner.add_parser("verify-audit", help=text, description=text)
    verify.add_argument("--json", action="store_true", help="print JSON")
    verify.add_argument(
        "--anchor",
        type=_anchor,
        metavar="NUMBER:HASH",
        help="what an earlier run said at its end; it must still be in the log",
    )
    verify.set_defaults(function=verify_audit)


def verify_audit(chosen: argparse.Namespace) -> int:
    """Exit code 0 when the chain holds, 1 when it does not, with the first fault named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moongate.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        django.setup()
        from moongate.accounts import audit

        verdict = audit.verify(anchor=chosen.anchor)
    except (ImproperlyConfigured, DatabaseError) as error:
        print(f"moongate: the audit log cannot be read: {error}", file=sys.stderr)
        return 1
    fault = verdict.fault
    if chosen.json:
        facts = {"holds": fault is None, "entries": verdict.entries, "head": verdict.head}
        if fault:
            facts["fault"] = {"sequence": fault.sequence, "reason": fault.reason}
        print(json.dumps(facts))
    elif fault:
        print(f"The audit log does not hold. Entry {fault.sequence}: {fault.reason}.")
    else:
        print(f"The audit log holds: {verdict.entries} entries.")
        if verdict.entries:
            print(f"Keep this elsewhere and give it as --anchor: {verdict.entries}:{verdict.head}")
    return 1 if fault else 0


def _anchor(text: str) -> tuple[int, str]:
    match = ANCHOR.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(
            f"must read like 12:HASH, with the 64 hex digits of the hash (received: {text[:80]!r})"
        )
    return int(match[1]), match[2]
