import {
  BRAKE_PX,
  DRIFT_KEEP_PX,
  DRIFT_PX,
  STEER_PX,
  isTap,
  oneThumb,
  steerOf,
} from "../../../../client/race/input/thumb";

test("a small drag is a small correction and the end of the way is full steering", () => {
  expect(steerOf(0)).toBe(0);
  expect(Math.abs(steerOf(STEER_PX / 4))).toBeLessThan(0.2);
  expect([steerOf(STEER_PX), steerOf(-3 * STEER_PX)]).toEqual([1, -1]);
});

test("a sharp pull drifts, and goes on until the thumb comes well back", () => {
  expect(oneThumb(DRIFT_PX - 1, 0, false).drift).toBe(false);
  expect(oneThumb(DRIFT_PX + 1, 0, false).drift).toBe(true);
  expect(oneThumb(DRIFT_KEEP_PX + 1, 0, true).drift).toBe(true);
  expect(oneThumb(DRIFT_KEEP_PX - 1, 0, true).drift).toBe(false);
});

test("down brakes, but a wide pull that also sinks does not", () => {
  expect(oneThumb(0, BRAKE_PX + 1, false).brake).toBe(true);
  expect(oneThumb(BRAKE_PX + 30, BRAKE_PX + 1, false).brake).toBe(false);
});

test("a tap is short and stays where it was", () => {
  expect([isTap(100, 3), isTap(400, 3), isTap(100, 40)]).toEqual([true, false, false]);
});
