import { decodeBlurhash } from "../../../client/social-pages/blurhash";

// Made and decoded by the Python package `blurhash`, which encodes the photos.
const GRADIENT = "L.I~,#2]wzXMq7X7jtf$gJfjfQfj";
const SEEN = [
  [0, 0, 41, 255, 130],
  [7, 0, 241, 248, 48],
  [4, 3, 147, 178, 86],
  [0, 5, 29, 141, 128],
  [7, 5, 230, 112, 44],
] as const;

test("a blur has the colours that the encoder's own decoder gives it", () => {
  const pixels = decodeBlurhash(GRADIENT, 8, 6)!;
  expect(pixels.length).toBe(8 * 6 * 4);
  for (const [x, y, ...colour] of SEEN) {
    const at = 4 * (y * 8 + x);
    for (let k = 0; k < 3; k++) expect(Math.abs(pixels[at + k]! - colour[k]!)).toBeLessThan(2);
    expect(pixels[at + 3]).toBe(255);
  }
});

test("one part is one colour everywhere", () => {
  const pixels = decodeBlurhash("00M^z|", 3, 2)!;
  for (let at = 0; at < pixels.length; at += 4)
    expect([...pixels.slice(at, at + 4)]).toEqual([200, 30, 30, 255]);
});

test.each(["", "L", "L00000", GRADIENT.slice(0, -1), `${GRADIENT}0`, "é".repeat(28), "00M^z\u0000"])(
  "what is no blurhash is none: %j",
  (hash) => {
    expect(decodeBlurhash(hash, 4, 4)).toBe(null);
  },
);
