import { watchStringsFor } from "../../../../client/race/watch/strings";

describe("the player's words", () => {
  it("are there in both languages, with the same blanks", () => {
    const en = watchStringsFor("en");
    const zh = watchStringsFor("zh-hans");
    const blanks = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of Object.entries(en)) {
      const said = zh[key as keyof typeof zh];
      expect(said, key).toMatch(/[一-鿿]/);
      expect(blanks(said), key).toEqual(blanks(text));
    }
  });
});
