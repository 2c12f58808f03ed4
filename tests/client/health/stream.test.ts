import { Cutter, events } from "../../../client/health-pages/stream";

const TEXT = 'event: heard\ndata: {"html":"我的理解：头痛"}\n\nevent: page\ndata: {"html":"<p>a\\n\\nb</p>","status":200}\n\n';
const TOLD = [
  { event: "heard", data: { html: "我的理解：头痛" } },
  { event: "page", data: { html: "<p>a\n\nb</p>", status: 200 } },
];

test("events come whole, however the bytes are cut", () => {
  const bytes = new TextEncoder().encode(TEXT);
  for (const size of [1, 2, 7, 64, bytes.length]) {
    const cutter = new Cutter();
    const told = [];
    for (let at = 0; at < bytes.length; at += size)
      told.push(...cutter.push(bytes.subarray(at, at + size)));
    expect(told).toEqual(TOLD);
  }
});

test("what is broken off in the middle is no event", () => {
  const bytes = new TextEncoder().encode(TEXT);
  expect(new Cutter().push(bytes.subarray(0, bytes.length - 3))).toEqual(TOLD.slice(0, 1));
});

test("an answer that is no stream is told apart", async () => {
  const page = new Response("<p>", { headers: { "Content-Type": "text/html" } });
  await expect(events(page).next()).rejects.toThrow("no stream");
  const stream = new Response(TEXT, { headers: { "Content-Type": "text/event-stream" } });
  const told = [];
  for await (const one of events(stream)) told.push(one);
  expect(told).toEqual(TOLD);
});
