"""200 people in the health chat at once on one process, beside the same without its cache.

- Ours: a conversation is replayed from the longest prefix of its log that this process still knows.
- The alternative: every turn replays the whole log, as a server does that remembers nothing.

People are played over loopback through `/api/health/`: they
tell a complaint, answer what is asked, and read each question for some seconds before they answer
(`--read`). Both servers are processes of their own and get the same people in the same order.
A turn is the time from sending an answer to having the whole next page.

    python benchmarks/chat.py [--people 200] [--turns 6] [--read 8 20]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

SEED = 11
GOAL_MS = 500.0
PATIENCE_S = 60.0
COMPLAINTS = (
    ("en", "I have had a headache since this morning and feel sick"),
    ("en", "my throat is sore and I have a fever"),
    ("en", "itchy rash on both arms for a week"),
    ("en", "pain in my lower back after lifting a box"),
    ("zh", "肚子疼，拉肚子两天了"),
    ("zh", "咳嗽有痰，晚上更厉害"),
    ("zh", "膝盖疼，上楼梯更疼"),
    ("zh", "头晕，站起来的时候眼前发黑"),
)
SERVER = """
import os, sys
from moongate.site.server import set_up_django
set_up_django()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from moongate.health.records import limits
limits.LIMITS["talk"] = (10**9, 600)
from moongate.health.talk import replaying
if sys.argv[2] == "nothing kept":
    replaying._cache = replaying._Cache(0)
from moongate.health.serving import engine
from moongate.health.talk import begin, reply, turn
made = engine()
turn(made, reply(made, reply(made, begin(made, "en"), "a headache and a strange feeling"), "30"))
from moongate.site import server
sys.exit(server.run("127.0.0.1", int(sys.argv[1]), False))
"""


@dataclass
class Played:
    """What the people met: milliseconds of every turn, and turns that were not answered."""

    turns: list[float] = field(default_factory=list)
    lost: int = 0
    why: str = ""


async def ask(port: int, where: str, **body: object) -> dict:
    """JSON there and back; the server lets go of a connection before a question is read."""
    data = json.dumps(body).encode()
    head = (
        f"POST /api/health/{where} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode() + data)
        await writer.drain()
        told, _, answer = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    if b" 200 " not in told.split(b"\r\n")[0]:
        raise ValueError(f"{told[:40]!r} {answer[:160]!r}")
    return json.loads(answer)


def answer_to(prompt: dict, draw: random.Random) -> dict:
    """What a person answers; mostly no."""
    match prompt["kind"]:
        case "age":
            return {"years": draw.randrange(18, 90)}
        case "sex":
            return {"options": [draw.choice(("female", "male"))]}
        case "severity":
            return {"degree": draw.randrange(1, 7)}
        case "course":
            return {"options": ["days"]}
        case "several":
            first = prompt["options"][0]["id"]
            return {"options": [draw.choice(("none", "none", "none", first))]}
        case _:
            return {"options": [draw.choice(("no", "no", "yes"))]}


async def person(number: int, port: int, options: argparse.Namespace, played: Played) -> None:
    """One conversation from the first word to the result."""
    draw = random.Random(SEED + number)
    await asyncio.sleep(draw.uniform(0, options.read[1]))

    async def timed(where: str, **body: object) -> dict:
        begun = time.perf_counter()
        told = await asyncio.wait_for(ask(port, where, **body), PATIENCE_S)
        played.turns.append((time.perf_counter() - begun) * 1000)
        return told

    try:
        lang, words = COMPLAINTS[number % len(COMPLAINTS)]
        told = await timed("talks", lang=lang)
        told = await timed("talks/answer", talk=told["talk"], text=words)
        for _ in range(options.turns):
            await asyncio.sleep(draw.uniform(*options.read))
            if told["prompt"]["kind"] in ("done", "complaint"):
                break
            said = answer_to(told["prompt"], draw)
            meant = {"talk": told["talk"], "prompt": told["prompt"]["id"]}
            told = await timed("talks/answer", **meant, **said)
        told = await timed("talks/result", talk=told["talk"])
        if told["result"] is None:
            played.lost += 1
    except (OSError, TimeoutError, ValueError) as error:
        played.lost += 1
        played.why = played.why or f"{type(error).__name__} {str(error)[:200]}"


async def play(port: int, options: argparse.Namespace) -> Played:
    played = Played()
    await asyncio.gather(*(person(n, port, options, played) for n in range(options.people)))
    return played


@contextmanager
def served(kind: str) -> Iterator[int]:
    """The port of a server of its own, with an empty home."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {"MOONGATE_HOME": home, "MOONGATE_LOG_LEVEL": "WARNING"}
        process = subprocess.Popen([sys.executable, "-c", SERVER, str(port), kind],
                                   env=env, stdout=subprocess.PIPE, text=True)  # fmt: skip
        try:
            if not any("ready" in line for line in process.stdout or ()):
                sys.exit("the server did not start")
            yield port
        finally:
            process.terminate()
            process.wait(20)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--turns", type=int, default=6, help="answers after the complaint")
    parser.add_argument("--read", type=float, nargs=2, default=(8.0, 20.0), metavar="SECONDS",
                        help="how long a question is read, from and to")  # fmt: skip
    options = parser.parse_args()
    # Told to end, it ends its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(
        f"{options.people} people, a question read for {options.read[0]:g} to {options.read[1]:g} s"
    )
    print(f"{'':14}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8} ms   turns  lost")
    p95 = {}
    for kind in ("ours", "nothing kept"):
        with served(kind) as port:
            played = asyncio.run(play(port, options))
        p50, p95[kind], p99 = np.percentile(played.turns, (50, 95, 99))
        print(f"{kind:14}{p50:8.0f}{p95[kind]:8.0f}{p99:8.0f}{max(played.turns):8.0f}      "
              f"{len(played.turns):6}{played.lost:6}", flush=True)  # fmt: skip
        if kind == "ours" and played.lost:
            sys.exit(f"conversations were lost: {played.why}")
    print(f"p95 of nothing kept / ours: {p95['nothing kept'] / p95['ours']:.1f}")
    verdict = "kept" if p95["ours"] <= GOAL_MS else "missed"
    print(f"goal of {GOAL_MS:.0f} ms p95: {verdict}")


if __name__ == "__main__":
    main()
