import { displaySpeed, formatGap, formatTime, tickToMs } from "../../../../client/race/core/format";

test("times read as minutes, seconds and thousandths", () => {
  expect([0, 999.6, 59_999, 60_000, 83_456, 600_001].map(formatTime)).toEqual([
    "0:00.000",
    "0:01.000",
    "0:59.999",
    "1:00.000",
    "1:23.456",
    "10:00.001",
  ]);
});

test("a time that is not known reads as dashes", () => {
  expect([Infinity, Number.NaN, -1].map(formatTime)).toEqual(["–:––.–––", "–:––.–––", "–:––.–––"]);
});

test("a gap always has its sign", () => {
  expect([340, -1234, 0, 4, -61_000].map(formatGap)).toEqual([
    "+0.34",
    "−1.23",
    "±0.00",
    "±0.00",
    "−61.00",
  ]);
});

test("the dial shows whole miles or kilometres an hour", () => {
  expect(displaySpeed(42, "mph")).toBe(94);
  expect(displaySpeed(42, "km/h")).toBe(151);
  expect(displaySpeed(-3, "mph")).toBe(0);
});

test("an instant within a tick is told to the millisecond", () => {
  expect(tickToMs(60)).toBe(1000);
  expect(tickToMs(60, 0.5)).toBe(992);
  expect(tickToMs(1, 0)).toBe(0);
});
