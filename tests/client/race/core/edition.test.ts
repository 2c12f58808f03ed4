import { findCourse, menuOf, themeOf, type EditionFile } from "../../../../client/race/core/edition";

const BASE = "https://house.test/editions/lakes/edition.json";
const piece = (slug: string, role: string, character: string | null = null) => ({
  slug,
  role,
  character,
  file: `music/${slug}.json`,
});
const track = (slug: string, more: object = {}) => ({ slug, table: "t", scenery: "s", ...more });
const lakes = {
  slug: "lakes",
  tracks: [
    track("pond", { music: "reel", "music-in-company": "ska" }),
    track("weir", { music: "ska" }),
    track("fell"),
  ],
  karts: [],
  characters: [],
  music: [
    piece("ballad", "menu"),
    piece("march", "race"),
    piece("reel", "race"),
    piece("ska", "race"),
    piece("anns-tune", "theme", "ann"),
  ],
} as unknown as EditionFile;

const heard = (slug: string) => {
  const { pieceUrl, companyUrl } = findCourse(lakes, slug, BASE).soundsOf("ann");
  return [pieceUrl, companyUrl].map((url) => /(\w+)\.json$/.exec(url ?? "")?.[1]);
};

it("plays a course's own piece, and another in company where it names one", () => {
  expect(heard("pond")).toEqual(["reel", "ska"]);
  expect(heard("weir")).toEqual(["ska", "ska"]);
});

it("lets the race pieces take turns where a course names none", () => {
  expect(heard("fell")).toEqual(["ska", "ska"]);
});

it("finds the quiet piece and everybody's tune", () => {
  expect(menuOf(lakes)?.slug).toBe("ballad");
  expect(themeOf(lakes, "ann")?.slug).toBe("anns-tune");
  expect(themeOf(lakes, "bob")).toBeUndefined();
  expect(findCourse(lakes, "pond", BASE).soundsOf("bob").themeUrl).toBeNull();
  expect(findCourse(lakes, "pond", BASE).soundsOf("ann").menuUrl).toBe(
    "https://house.test/editions/lakes/music/ballad.json",
  );
});
