import { Resolution } from "../../../../client/race/render/resolution";

function feed(resolution: Resolution, ms: number, frames: number): void {
  for (let i = 0; i < frames; i++) resolution.note(ms);
}

test("slow frames cost pixels, but never more than half", () => {
  const resolution = new Resolution("auto", 3);
  expect(resolution.ratio).toBe(1.5);
  feed(resolution, 40, 2000);
  expect(resolution.ratio).toBe(0.5);
  expect(resolution.low).toBe(true);
});

test("fast frames give them back", () => {
  const resolution = new Resolution("auto", 2);
  feed(resolution, 15, 3000);
  expect(resolution.ratio).toBe(2);
});

test("high quality stays as it is asked for", () => {
  const resolution = new Resolution("high", 2);
  feed(resolution, 60, 500);
  expect(resolution.ratio).toBe(2);
});
