import { shapeStick } from "../../../../client/race/input/gamepad";

test("a stick at rest does not steer, and at its end steers fully", () => {
  expect([shapeStick(0.08), shapeStick(1), shapeStick(-1)]).toEqual([0, 1, -1]);
});

test("the stick is finer about the middle", () => {
  expect(shapeStick(0.5)).toBeLessThan(0.42);
  expect(shapeStick(-0.5)).toBeCloseTo(-shapeStick(0.5), 12);
});
