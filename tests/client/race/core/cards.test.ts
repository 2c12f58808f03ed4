import { Interest, cardsOf, collect } from "../../../../client/race/core/cards";

interface Sent {
  url: string;
  init: RequestInit;
}

let stored: Map<string, string>;
let sent: Sent[];
let answer: () => Response;

beforeEach(() => {
  stored = new Map();
  sent = [];
  answer = () => new Response("{}");
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

const queue = (): unknown => JSON.parse(stored.get("moongate.race.interest") ?? "[]");
const bodies = (): unknown[] => sent.map(({ init }) => JSON.parse(String(init.body)));

test("a card is collected once, each course's apart", () => {
  expect(collect("uk/london", "tower-bridge")).toBe(true);
  expect(collect("uk/london", "tower-bridge")).toBe(false);
  expect(collect("uk/skye", "tower-bridge")).toBe(true);
  expect([...cardsOf("uk/london")]).toEqual(["tower-bridge"]);
});

test("what somebody else wrote into the storage does no harm", () => {
  for (const broken of ["nonsense", "[1]", '{"uk/london": 4}', '{"uk/london": [4]}', "null"]) {
    stored.set("moongate.race.cards", broken);
    expect(cardsOf("uk/london").size).toBe(0);
  }
  expect(collect("uk/london", "tower-bridge")).toBe(true);
});

test("counts are sent without cookies, a course at a time, and then forgotten", async () => {
  answer = () => Response.error();
  const interest = new Interest("/api/race/", () => true);
  for (const card of ["a", "b"]) interest.note({ course: "london", card });
  interest.note({ course: "skye", card: "c" });
  await new Promise((resolve) => setTimeout(resolve));
  expect(queue()).toHaveLength(3);
  sent.length = 0;
  answer = () => new Response("{}");
  await interest.flush();
  expect(bodies()).toEqual([
    { course: "london", cards: ["a", "b"] },
    { course: "skye", cards: ["c"] },
  ]);
  expect(sent.every(({ url, init }) => url === "/api/race/interest" && init.credentials === "omit"))
    .toBe(true);
  expect(queue()).toEqual([]);
});

test.each([
  [429, 1],
  [503, 1],
  [404, 0],
  [422, 0],
])("after the answer %i there wait %i", async (status, left) => {
  answer = () => new Response("{}", { status });
  const interest = new Interest("/api/race/", () => true);
  interest.note({ course: "london", card: "a" });
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  await vi.waitFor(() => expect(queue()).toHaveLength(left));
});

test.each([
  ["the player says no", false, {}],
  ["the browser asks for privacy", true, { globalPrivacyControl: true }],
  ["the browser asks not to be tracked", true, { doNotTrack: "1" }],
])("nothing is counted when %s, and what waited is dropped", async (_, allowed, asks) => {
  stored.set("moongate.race.interest", '[{"course":"london","card":"a"}]');
  vi.stubGlobal("navigator", asks);
  const interest = new Interest("/api/race/", () => allowed);
  interest.note({ course: "london", card: "b" });
  await interest.flush();
  expect(sent).toEqual([]);
  expect(queue()).toEqual([]);
});
