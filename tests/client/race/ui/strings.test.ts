import { fill, stringsFor } from "../../../../client/race/ui/strings";

test("both languages say the same things with the same places to fill", () => {
  const en = stringsFor("en");
  const zh = stringsFor("zh-hans");
  const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();
  for (const key of Object.keys(en) as (keyof typeof en)[])
    expect(places(zh[key]), key).toEqual(places(en[key]));
});

test("a place is filled, and one without a value stays to be seen", () => {
  expect(fill("{n} of {m}", { n: 3 })).toBe("3 of {m}");
});
