/** The Mini Program's way in: wx.login, our site, and only our own address in its web-view. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const load = createRequire(import.meta.url);
const FOLDER = new URL("../../../client/mini-program/", import.meta.url);
const { openSession } = load("../../../client/mini-program/pages/chat/session.js");
const { WORDS, wordsFor } = load("../../../client/mini-program/words.js");
const SITE = "https://moongate.example";

interface Call {
  success(answer: unknown): void;
  fail(): void;
  url?: string;
  data?: unknown;
}

/** WeChat's side: a code or none, and an answer of the site or none. */
const wechat = (code: string | null, answer: unknown, sent: Call[] = []) => ({
  login: (call: Call) => (code === null ? call.fail() : call.success({ code })),
  request: (call: Call) => {
    sent.push(call);
    if (answer === null) call.fail();
    else call.success(answer);
  },
});
const saying = (url: unknown, statusCode = 200) => ({ statusCode, data: { url } });

test("the code goes to our site, and its address comes back", async () => {
  const sent: Call[] = [];
  const entry = `${SITE}/health/wechat/entry/abc/`;
  expect(await openSession(wechat("c-1", saying(entry), sent), SITE)).toBe(entry);
  expect(sent.map((call) => [call.url, call.data])).toEqual([
    [`${SITE}/health/wechat/mini/`, { code: "c-1" }],
  ]);
});

test.each([
  ["another site", saying("https://moongate.example.evil/x")],
  ["no address", saying(undefined)],
  ["a script", saying("javascript:alert(1)")],
  ["a refusal", saying(`${SITE}/x`, 429)],
  ["no answer", null],
  ["an answer without data", { statusCode: 200 }],
])("%s is not opened", async (_name, answer) => {
  await expect(openSession(wechat("c-1", answer), SITE)).rejects.toThrow();
});

test("without a code the site is not asked", async () => {
  const sent: Call[] = [];
  for (const code of [null, ""]) {
    await expect(openSession(wechat(code, saying(SITE), sent), SITE)).rejects.toThrow();
  }
  expect(sent).toEqual([]);
});

test("both languages say the same, and the page says nothing else", () => {
  expect(Object.keys(WORDS.en)).toEqual(Object.keys(WORDS.zh));
  expect(wordsFor("zh_TW")).toBe(WORDS.zh);
  expect(wordsFor("fr")).toBe(WORDS.en);
  const page = readFileSync(new URL("pages/chat/chat.wxml", FOLDER), "utf8");
  const named = [...page.matchAll(/words\.(\w+)/g)].map((hit) => hit[1]);
  expect(named.length).toBeGreaterThan(5);
  for (const name of named) expect(WORDS.zh).toHaveProperty(name as string);
  expect(page.replace(/<[^>]*>|{{[^}]*}}/g, "").trim()).toBe("");
});
