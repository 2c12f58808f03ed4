import { FixedStep } from "../../../../client/race/core/fixedstep";

const DT = 1 / 60;

test("sixty uneven frames of a second run sixty steps", () => {
  const clock = new FixedStep(DT, 6);
  let steps = 0;
  for (let i = 0; i < 40; i++) steps += clock.take(i % 2 ? 0.02 : 0.03);
  expect(steps).toBe(60);
});

test("a frame of exactly one step runs it, whatever the rounding", () => {
  const clock = new FixedStep(DT, 6);
  for (let i = 0; i < 1000; i++) expect(clock.take(DT)).toBe(1);
});

test("a frozen tab does not make the race catch up", () => {
  const clock = new FixedStep(DT, 6);
  expect(clock.take(30)).toBe(6);
  expect(clock.alpha).toBe(0);
  expect(clock.take(DT)).toBe(1);
});

test("what is left between steps is the share of the next", () => {
  const clock = new FixedStep(DT, 6);
  expect(clock.take(DT * 1.25)).toBe(1);
  expect(clock.alpha).toBeCloseTo(0.25, 9);
});

test("time that stands still, runs back or is no number runs nothing", () => {
  const clock = new FixedStep(DT, 6);
  expect([0, -1, Number.NaN].map((t) => clock.take(t))).toEqual([0, 0, 0]);
});
