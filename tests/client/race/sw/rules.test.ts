import { isHashed, nameOf, shellOf, type Facts } from "../../../../client/race/sw/rules";

const facts = {
  version: "0123abcd",
  language: "zh-hans",
  play: "/race/play/",
  shell: "/race/shell/",
} as Facts;

test.each([
  ["/static/editions/uk/tracks/london.67466f07.glb", true],
  ["https://moongate.test/static/editions/uk/karts/one.0a1b2c3d.glb", true],
  ["/static/client/assets/race-BmzHZNu2.js", true],
  ["/static/client/assets/race-0_-abcDE.css", true],
  ["/static/editions/uk/edition.json", false],
  ["/static/site/icon.svg", false],
  ["/static/icons/race-maskable-192.png", false],
])("%s names its content: %s", (url, hashed) => {
  expect(isHashed(url)).toBe(hashed);
});

test("a course's page has one for nobody in the worker's language; other pages have none", () => {
  expect(shellOf(facts, "/race/play/london/")).toBe("/race/shell/london/?lang=zh-hans");
  expect(shellOf(facts, "/race/play/uk_london/")).toBe("/race/shell/uk_london/?lang=zh-hans");
  for (const other of [
    "/race/",
    "/race/play/",
    "/race/play/london",
    "/race/play/../../accounts/",
    "/race/play/london/extra/",
    "/accounts/profile/",
  ])
    expect(shellOf(facts, other)).toBeNull();
});

test("each version has a cache of pages of its own", () => {
  expect(nameOf(facts)).toBe("race-pages-0123abcd");
});
