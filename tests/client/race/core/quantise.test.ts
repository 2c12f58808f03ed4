import { BUTTONS_ALL } from "../../../../client/race/generated/sim.js";
import { idleWish, packButtons, quantiseSteer } from "../../../../client/race/core/quantise";

test("steering becomes a whole number from -127 to 127, positive to the right", () => {
  expect([-1, -0.5, 0, 0.25, 1].map(quantiseSteer)).toEqual([-127, -63, 0, 32, 127]);
});

test("steering beyond the stops, and no number at all, stay in range", () => {
  expect([-3, 7, Number.NaN, Infinity].map(quantiseSteer)).toEqual([-127, 127, 0, 0]);
});

test("no steering is plain zero, which an input file can spell in one way only", () => {
  expect(Object.is(quantiseSteer(-0.001), 0)).toBe(true);
});

test("every button has its own bit", () => {
  const bits = (["throttle", "brake", "drift", "nitro", "mini", "rescue"] as const).map((key) =>
    packButtons({ ...idleWish(), [key]: true }),
  );
  expect(bits).toEqual([1, 2, 4, 8, 16, 32]);
  expect(bits.reduce((a, b) => a | b)).toBe(BUTTONS_ALL);
});
