"""What a frame of the game costs a phone: scripting at a quarter of the speed, draws, bytes.

python benchmarks/client_frame.py [--course london] [--seconds 12]

Chromium at 4× processor throttling, seven opponents, a phone on its side. Scripting is the time of
the animation frame's callback on the main thread (its own clock, so that a busy machine does not
count), from Chromium's trace. A processor that plays graphics card draws few frames and catches up
with many ticks in each, so a frame is measured twice: in the race, and paused, where it draws all
and ticks not at all. The difference is what a tick costs; a phone at 60 frames a second runs one.
With so few frames each finds the caches cold, so the drawing of one view after another is told
beside it, unthrottled and multiplied.
The same race is measured again with every kart drawn whole, which is what the simpler far karts
save. Start `moongate run` first, or let this start one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import mean
from typing import Any

from playwright.sync_api import Browser, sync_playwright

LIMIT_CALLS = 120
LIMIT_TRIANGLES = 120_000
LIMIT_BYTES = 4 * 1024 * 1024
LIMIT_SCRIPT_MS = 4.0
THROTTLE = 4
VIEWS = 60
PHONE = {"width": 422, "height": 195}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
CATEGORIES = ["devtools.timeline", "toplevel"]


@dataclass(frozen=True)
class Frames:
    """One measured race: milliseconds of scripting a frame, and the most a view costs to draw."""

    racing_ms: list[float]
    paused_ms: list[float]
    ticks: float  # a frame of the race
    view_ms: float  # drawing one view after another, without throttling
    calls: int
    triangles: int
    bytes: int

    @property
    def tick_ms(self) -> float:
        """What one tick of eight karts and seven drivers costs."""
        apart = mean(self.racing_ms) - mean(self.paused_ms)
        return max(0.0, apart / max(self.ticks, 1e-9))

    def at_60(self, part: float) -> float:
        """This share's frame with one tick in it."""
        ordered = sorted(self.paused_ms)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] + self.tick_ms


@contextmanager
def server(address: str) -> Iterator[str]:
    """The address given, or that of a server of our own with an empty home."""
    if address:
        yield address
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [sys.executable, "-m", "moongate", "run", "--port", str(port)],
            env=os.environ | {"MOONGATE_HOME": home},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            for _ in range(240):
                with socket.socket() as door:
                    if door.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.5)
            yield f"http://localhost:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def measure(browser: Browser, address: str, course: str, seconds: float, more: str) -> Frames:
    context = browser.new_context(
        base_url=address, viewport=PHONE, has_touch=True, is_mobile=True, service_workers="block"
    )
    page = context.new_page()
    choice = json.dumps({"mode": "race", "level": "club", "rivals": 7, "muted": True})
    page.add_init_script(f"localStorage.setItem('moongate.race.settings', '{choice}')")
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda e: sizes.append(int(e["encodedDataLength"])))
    page.goto(f"/race/play/{course}/?quality=high{more}")
    page.wait_for_function("() => window.moongate && window.moongate.ready", timeout=180_000)
    page.locator(".rg-button-drive").click()
    page.wait_for_function("() => window.moongate.state.phase === 'racing'", timeout=180_000)
    loaded = sum(sizes)
    most, view_ms = surveyed(session, page)
    # What was surveyed is still being drawn; the race goes on when that is done.
    start = page.evaluate("() => window.moongate.state.tick")
    page.wait_for_function(f"() => window.moongate.state.tick > {start + 60}", timeout=180_000)
    racing, ticks = traced(session, page, seconds)
    page.keyboard.press("Escape")
    page.wait_for_function("() => window.moongate.state.paused")
    paused, _ = traced(session, page, seconds)
    context.close()
    per_frame = ticks / len(racing)
    return Frames(racing, paused, per_frame, view_ms, most["calls"], most["triangles"], loaded)


def trace(session: Any, page: Any, rate: int, work: Callable[[], Any]) -> tuple[Any, list[Any]]:
    """What `work` answers at this throttling, and the complete events of Chromium's trace of it."""
    events: list[dict[str, Any]] = []
    session.on("Tracing.dataCollected", lambda e: events.extend(e["value"]))
    ended: list[bool] = []
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    config = {"includedCategories": CATEGORIES}
    session.send("Tracing.start", {"traceConfig": config, "transferMode": "ReportEvents"})
    answer = work()
    session.send("Tracing.end")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    for _ in range(600):
        if ended:
            return answer, [e for e in events if e.get("ph") == "X"]
        page.wait_for_timeout(100)
    raise SystemExit("Chromium did not hand over its trace within a minute")


def traced(session: Any, page: Any, seconds: float) -> tuple[list[float], int]:
    """Milliseconds of each animation frame's callback, and the ticks that ran meanwhile."""

    def race() -> int:
        tick = page.evaluate("() => window.moongate.state.tick")
        page.wait_for_timeout(seconds * 1000)
        return int(page.evaluate("() => window.moongate.state.tick")) - int(tick)

    ticks, events = trace(session, page, THROTTLE, race)
    frames = [e for e in events if e["name"] == "FireAnimationFrame"]
    if not frames:
        raise SystemExit("Chromium traced no animation frame: give it more --seconds")
    return [e.get("tdur", e["dur"]) / 1000.0 for e in frames], ticks


def surveyed(session: Any, page: Any) -> tuple[dict[str, int], float]:
    """The most a view round the lap costs, and the milliseconds of scripting of one."""
    look = "(views) => window.moongate.survey(views)"
    page.evaluate(look, VIEWS)  # warm
    most, events = trace(session, page, 1, lambda: page.evaluate(look, VIEWS))
    longest = max(e.get("tdur", 0) for e in events)
    return most, longest / 1000.0 / VIEWS


def table(name: str, frames: Frames) -> list[str]:
    rows = (
        ("scripting a frame, median", frames.at_60(0.5), LIMIT_SCRIPT_MS, "ms"),
        ("scripting a frame, p95", frames.at_60(0.95), LIMIT_SCRIPT_MS, "ms"),
        (f"drawing, warm, times {THROTTLE}", frames.view_ms * THROTTLE, LIMIT_SCRIPT_MS, "ms"),
        ("draw calls", frames.calls, LIMIT_CALLS, ""),
        ("triangles", frames.triangles, LIMIT_TRIANGLES, ""),
        ("MiB to the first race", frames.bytes / 2**20, LIMIT_BYTES / 2**20, ""),
    )
    lines = [
        f"{name} ({len(frames.racing_ms)} and {len(frames.paused_ms)} frames at {THROTTLE}x "
        f"throttling, {frames.ticks:.1f} ticks a frame here, {frames.tick_ms:.2f} ms a tick)"
    ]
    for label, value, limit, unit in rows:
        shown = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
        verdict = "within" if value <= limit else "OVER"
        lines.append(f"  {label:<28}{shown:>12} {unit:<3} limit {limit:,g}  {verdict}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--course", default="", help="a course's address; the first when left out")
    parser.add_argument("--seconds", type=float, default=12.0, help="of racing that are traced")
    parser.add_argument("--at", default="", help="a running server, as http://localhost:8000")
    asked = parser.parse_args()
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found:
        print("no Chromium on this machine: install it first", file=sys.stderr)
        return 1
    with server(asked.at) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        course = asked.course
        if not course:
            page = browser.new_page()
            course = page.request.get(f"{address}/api/race/tracks").json()[0]["slug"]
            page.close()
        ours = measure(browser, address, course, asked.seconds, "")
        whole = measure(browser, address, course, asked.seconds, "&far=whole")
        browser.close()
    print("\n".join(table(f"{course}, far karts simplified", ours)))
    print("\n".join(table(f"{course}, every kart whole (the alternative)", whole)))
    print(f"triangles of the alternative to ours: {whole.triangles / ours.triangles:.2f}")
    within = ours.calls <= LIMIT_CALLS and ours.triangles <= LIMIT_TRIANGLES
    return 0 if within and ours.bytes <= LIMIT_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
