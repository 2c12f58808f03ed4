"""How the cast moves: idle, drive, lean, win and lose, made for each body so that hands meet wheel
and feet meet floor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from moongate.race.editions.cast.pose import (
    AHEAD,
    DOWN,
    Pose,
    face_way,
    reach,
    rest,
    turn,
    world,
)
from moongate.race.editions.cast.rigglb import Clip
from moongate.race.editions.cast.schema import Proportions
from moongate.race.editions.cast.skeleton import INDEX, JOINTS, Rig
from moongate.race.editions.geometry.mesh import Array

# The place of every kart's controls from the top of its seat, metres.
WHEEL = np.array([0.44, 0.0, 0.20])
WHEEL_RADIUS_M = 0.15
WHEEL_LEAN = np.array([np.sin(np.radians(58)), 0.0, -np.cos(np.radians(58))])
PEDALS = np.array([0.78, 0.13, -0.20])
KEYS_PER_SECOND = 10
HIDDEN = 0.001
SIDES = (("l", 1.0), ("r", -1.0))

Moment = Callable[[float], Pose]


def make_clips(rig: Rig, body: Proportions, seated: float) -> list[Clip]:
    """Every clip of one person; `seated` > 0 is the height of the chair he or she sits on."""
    moods = Moods(rig, body, seated)
    return [
        _sampled(rig, "idle", 4.0, moods.idle, loop=True),
        _sampled(rig, "drive", 1.0, lambda t: moods.drive(t, 0.0), loop=True),
        _sampled(rig, "lean_left", 1.0, lambda t: moods.drive(t, 1.0), loop=True),
        _sampled(rig, "lean_right", 1.0, lambda t: moods.drive(t, -1.0), loop=True),
        _sampled(rig, "win", 1.6, moods.win, loop=True),
        _sampled(rig, "lose", 3.2, moods.lose, loop=True),
    ]


def wave(t: float, times: float = 1.0, start: float = 0.0) -> float:
    """A sine that fits a clip `times` times; `t` runs 0 to 1."""
    return float(np.sin(2 * np.pi * (t * times + start)))


class Moods:
    """Poses of one person at a share of a clip's time."""

    def __init__(self, rig: Rig, body: Proportions, seated: float) -> None:
        self.rig, self.body, self.seated = rig, body, seated
        self.arm = rig.length("upper_arm_l", "lower_arm_l") + rig.length("lower_arm_l", "hand_l")
        self.leg = rig.length("upper_leg_l", "lower_leg_l") + rig.length("lower_leg_l", "foot_l")
        self.foot = float(rig.joints[INDEX["foot_l"]][2])

    def _sit_or_stand(self, pose: Pose, bob: float, lift: float = 0.0) -> None:
        """Hips `bob` lower or higher with the feet kept (or `lift`ed); or on the chair."""
        if self.seated > 0:
            self._sit(pose, np.array([0.0, 0.0, self.seated + bob]))
            for side, sign in SIDES:
                foot = np.array([0.34, sign * 0.09, self.foot + 0.1])
                reach(self.rig, pose, f"leg_{side}", foot, np.array([0.4, 0, 1.0]))
                face_way(self.rig, pose, f"foot_{side}", DOWN, AHEAD)
            return
        pose.shifts["hips"] = np.array([0.0, 0.0, bob])
        for side, sign in SIDES:
            base = self.rig.joints[INDEX[f"foot_{side}"]]
            foot = base + np.array([0.0, sign * 0.02, lift])
            reach(self.rig, pose, f"leg_{side}", foot, np.array([1.0, sign * 0.25, 0]))
            face_way(self.rig, pose, f"foot_{side}", DOWN, np.array([1.0, sign * 0.3, 0]))

    def _sit(self, pose: Pose, seat: Array) -> None:
        hips = seat + np.array([0.0, 0.0, 0.098 * self.rig.length("hips", "spine") / 0.1])
        pose.shifts["hips"] = hips - self.rig.joints[INDEX["hips"]]

    def _hang(self, pose: Pose, side: str, ahead: float, out: float, drop: float = 0.93) -> None:
        sign = 1.0 if side == "l" else -1.0
        shoulder = world(self.rig, pose)[INDEX[f"upper_arm_{side}"]][:3, 3]
        hand = shoulder + self.arm * np.array([ahead, sign * out, -drop])
        reach(self.rig, pose, f"arm_{side}", hand, np.array([-1.0, sign * 0.5, 0]))

    def idle(self, t: float) -> Pose:
        """Breathing, a look around, weight from one leg to the other."""
        pose = rest()
        self._sit_or_stand(pose, -0.012 + 0.006 * wave(t, 2))
        turn(pose, "hips", x=1.2 * wave(t))
        turn(pose, "spine", x=-1.2 * wave(t), y=self.body.stoop * 0.6 - 1.5 + 1.2 * wave(t, 2))
        turn(pose, "chest", y=self.body.stoop * 0.4 + 1.2 * wave(t, 2), z=3 * wave(t, 1, 0.1))
        turn(pose, "neck", y=-self.body.stoop * 0.5)
        look = 16 * np.tanh(2.2 * wave(t, 1, 0.15))
        turn(
            pose,
            "head",
            x=2.5 * wave(t, 1, 0.3),
            y=-self.body.stoop * 0.5 + 2 * wave(t, 2, 0.2),
            z=look,
        )
        turn(pose, "swing", y=4 * wave(t, 2, 0.4), x=4 * wave(t, 1, 0.2))
        for side, sign in SIDES:
            if self.seated > 0:
                self._hang(pose, side, 0.42, 0.2 + 0.02 * wave(t, 2), 0.62)
            else:
                sway = 0.02 * wave(t, 2, 0.1) + 0.03 * sign * wave(t, 1)
                self._hang(pose, side, 0.1 + sway, 0.27 + 0.02 * wave(t, 2), 0.9)
        return pose

    def drive(self, t: float, lean: float) -> Pose:
        """In the kart: both hands on the wheel, turned and leaning `lean` (1 left, −1 right)."""
        pose = rest()
        pose.scales["prop"] = HIDDEN
        # Short arms sit nearer to the wheel.
        near = float(np.clip(0.47 - self.arm, 0.0, 0.14))
        self._sit(pose, np.array([near, 0.0, 0.0]))
        shake = 0.7 * wave(t, 3) + 0.5 * wave(t, 5, 0.2)
        turn(pose, "spine", x=-7 * lean, y=5 + 0.6 * wave(t, 2), z=4 * lean)
        turn(pose, "chest", x=-8 * lean, y=5 + shake * 0.4, z=6 * lean)
        turn(pose, "neck", y=-3.0, x=4 * lean)
        turn(pose, "head", x=7 * lean + 0.5 * shake, y=-6.0 + 0.5 * wave(t, 3, 0.3), z=14 * lean)
        turn(pose, "swing", y=26 + 9 * wave(t, 3), x=6 * wave(t, 2, 0.3) - 14 * lean)
        angle = np.radians(-38) * lean
        across = np.array([0.0, 1.0, 0.0])
        up = np.cross(WHEEL_LEAN, across)
        for side, sign in SIDES:
            # Hands at ten to two, carried round with the wheel.
            at = np.radians(18) * sign
            spoke = sign * (np.cos(at + angle) * across + np.sin(at + angle) * up)
            grip = WHEEL + WHEEL_RADIUS_M * spoke
            shoulder = world(self.rig, pose)[INDEX[f"upper_arm_{side}"]][:3, 3]
            ahead = grip - shoulder
            ahead /= np.linalg.norm(ahead)
            wrist = grip - 0.062 * self.body.hands * ahead + np.array([0, 0, 0.028])
            reach(self.rig, pose, f"arm_{side}", wrist, np.array([-0.2, sign * 0.9, -0.7]))
            # Fingers over the rim, thumbs inward and up.
            face_way(
                self.rig, pose, f"hand_{side}", ahead + np.array([0, 0, -0.55]),
                np.array([0.2, -sign * 1.0, 0.55]),
            )  # fmt: skip
            foot = PEDALS * (1, sign, 1) + np.array([0, 0, self.foot - 0.085])
            reach(self.rig, pose, f"leg_{side}", foot, np.array([0.0, sign * 0.35, 1.0]))
            face_way(
                self.rig, pose, f"foot_{side}", np.array([0.72, 0, -0.69]),
                np.array([0.69, sign * 0.3, 0.72]),
            )  # fmt: skip
        return pose

    def win(self, t: float) -> Pose:
        """Two jumps with both fists up, one higher than the other."""
        pose = rest()
        hop = max(0.0, wave(t, 2)) ** 0.8
        crouch = max(0.0, -wave(t, 2)) ** 1.3
        high = 0.16 if self.seated <= 0 else 0.03
        self._sit_or_stand(pose, high * hop - 0.05 * crouch, high * 0.85 * hop)
        turn(pose, "spine", y=6 * crouch - 8 * hop)
        turn(pose, "chest", x=4 * wave(t), y=4 * crouch - 6 * hop)
        turn(pose, "head", x=6 * wave(t), y=-8 * hop + 4 * crouch, z=6 * wave(t, 1, 0.2))
        turn(pose, "swing", y=16 - 30 * hop, x=6 * wave(t, 2))
        for side, sign in SIDES:
            shoulder = world(self.rig, pose)[INDEX[f"upper_arm_{side}"]][:3, 3]
            pump = 0.72 + 0.2 * hop + 0.06 * sign * wave(t)
            hand = shoulder + self.arm * np.array([0.16, sign * (0.62 - 0.12 * hop), pump])
            reach(self.rig, pose, f"arm_{side}", hand, np.array([-0.3, sign * 1.0, -0.6]))
        return pose

    def lose(self, t: float) -> Pose:
        """Shoulders down, a slow shake of the head, a toe in the gravel."""
        pose = rest()
        sigh = 0.5 + 0.5 * wave(t, 1, -0.25)
        self._sit_or_stand(pose, -0.03 - 0.012 * sigh)
        turn(pose, "spine", y=6 + 3 * sigh)
        turn(pose, "chest", y=6 + 3 * sigh)
        turn(pose, "neck", y=5.0)
        turn(pose, "head", y=6 + 3 * sigh, z=13 * wave(t, 2))
        turn(pose, "swing", y=-14 + 4 * wave(t, 2))
        for side, sign in SIDES:
            if self.seated > 0:
                self._hang(pose, side, 0.5, 0.08, 0.7)
            else:
                self._hang(pose, side, 0.22 + 0.05 * wave(t, 1, 0.2 * sign), 0.16, 0.93)
        if self.seated <= 0:
            scuff = max(0.0, wave(t, 1, 0.1))
            foot = self.rig.joints[INDEX["foot_r"]] + np.array([0.10 * scuff, 0, 0.03 * scuff])
            reach(self.rig, pose, "leg_r", foot, np.array([1.0, -0.2, 0]))
            face_way(
                self.rig, pose, "foot_r", DOWN + 0.35 * scuff * AHEAD, np.array([1.0, -0.2, 0])
            )
        return pose


def quaternion(matrix: Array) -> Array:
    """x y z w of a rotation, w ≥ 0."""
    m = matrix
    four = np.array(
        [
            1 + m[0, 0] - m[1, 1] - m[2, 2],
            1 - m[0, 0] + m[1, 1] - m[2, 2],
            1 - m[0, 0] - m[1, 1] + m[2, 2],
            1 + m[0, 0] + m[1, 1] + m[2, 2],
        ]
    )
    k = int(np.argmax(four))
    s = 2 * np.sqrt(four[k])
    rows = [
        [s / 4, (m[0, 1] + m[1, 0]) / s, (m[0, 2] + m[2, 0]) / s, (m[2, 1] - m[1, 2]) / s],
        [(m[0, 1] + m[1, 0]) / s, s / 4, (m[1, 2] + m[2, 1]) / s, (m[0, 2] - m[2, 0]) / s],
        [(m[0, 2] + m[2, 0]) / s, (m[1, 2] + m[2, 1]) / s, s / 4, (m[1, 0] - m[0, 1]) / s],
        [(m[2, 1] - m[1, 2]) / s, (m[0, 2] - m[2, 0]) / s, (m[1, 0] - m[0, 1]) / s, s / 4],
    ]
    found = np.array(rows[k])
    return found if found[3] >= 0 else -found


def _sampled(rig: Rig, name: str, seconds: float, moment: Moment, *, loop: bool) -> Clip:
    """Sample a motion; joints that never turn get the one key they need."""
    count = round(seconds * KEYS_PER_SECOND) + 1
    share = np.linspace(0, 1, count)
    poses = [moment(0.0 if loop and k == count - 1 else float(t)) for k, t in enumerate(share)]
    turns: dict[str, Array] = {}
    for k, joint in enumerate(JOINTS):
        if joint == "prop":
            continue
        rows = np.array([quaternion(pose.turns[k]) for pose in poses])
        for i in range(1, count):
            # The short way round.
            if rows[i] @ rows[i - 1] < 0:
                rows[i] = -rows[i]
        turns[joint] = rows
    zero = np.zeros(3)
    moves = {"hips": np.array([rig.local("hips") + p.shifts.get("hips", zero) for p in poses])}
    scales = {"prop": np.array([[p.scales.get("prop", 1.0)] * 3 for p in poses])}
    return Clip(name, share * seconds, turns, moves, scales)
