"""A scripted driver that looks at the race's facts and presses real keys or glass."""

import time
from dataclasses import dataclass, field

from playwright.sync_api import CDPSession, Page

# Facts in one round trip; what is drawn is sampled with them.
LOOK = """() => {
  const { phase, tick, lap, laps, speed, bearing, lateral, along } = window.moongate.state;
  return { phase, tick, lap, laps, speed, bearing, lateral, along, drawn: window.moongate.stats() };
}"""
STUCK_S = 420.0


class Keys:
    """Arrow keys, held and let go as a person does."""

    def __init__(self, page: Page):
        self.page = page
        self.down: set[str] = set()

    def hold(self, steer: float, throttle: bool) -> None:
        wanted = {"ArrowUp"} if throttle else set()
        if steer > 0.35:
            wanted.add("ArrowRight")
        elif steer < -0.35:
            wanted.add("ArrowLeft")
        for key in self.down - wanted:
            self.page.keyboard.up(key)
        for key in wanted - self.down:
            self.page.keyboard.down(key)
        self.down = wanted

    def release(self) -> None:
        self.hold(0.0, throttle=False)


class Thumb:
    """One thumb on the glass: it slides from where it came down; too far out would drift."""

    FULL_PX = 70
    BRAKE_PX = 110

    def __init__(self, page: Page, x: float, y: float):
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.x, self.y = x, y
        self.touching = False

    def _send(self, kind: str, dx: float = 0.0, dy: float = 0.0) -> None:
        points = [] if kind == "touchEnd" else [{"x": self.x + dx, "y": self.y + dy}]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def hold(self, steer: float, throttle: bool) -> None:
        if not self.touching:
            self._send("touchStart")
            self.touching = True
        self._send("touchMove", steer * self.FULL_PX, 0.0 if throttle else self.BRAKE_PX)

    def release(self) -> None:
        if self.touching:
            self._send("touchEnd")
            self.touching = False


@dataclass
class Driven:
    """What was seen on the way."""

    calls: int = 0
    triangles: int = 0
    top_speed: float = 0.0
    phases: list[str] = field(default_factory=list)


def drive(page: Page, hands: Keys | Thumb, cruise: float = 41.0) -> Driven:
    """Drives until the race is finished, at up to `cruise` m/s."""
    seen = Driven()
    began = time.monotonic()
    while time.monotonic() - began < STUCK_S:
        facts = page.evaluate(LOOK)
        seen.calls = max(seen.calls, facts["drawn"]["calls"])
        seen.triangles = max(seen.triangles, facts["drawn"]["triangles"])
        seen.top_speed = max(seen.top_speed, facts["speed"])
        if not seen.phases or seen.phases[-1] != facts["phase"]:
            seen.phases.append(facts["phase"])
        if facts["phase"] == "finished":
            hands.release()
            return seen
        if facts["phase"] != "racing":
            page.wait_for_timeout(50)
            continue
        # Slower where the road bends away, so that keys held for a frame do no harm.
        bend = abs(facts["bearing"])
        wanted = max(12.0, cruise * (1.0 - 1.1 * bend))
        steer = max(-1.0, min(1.0, 2.6 * facts["bearing"]))
        hands.hold(steer, throttle=facts["speed"] < wanted)
    raise AssertionError(f"the race did not end: {facts}")
