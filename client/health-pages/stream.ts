/** Server-sent lines of an answer to a form, one event after the other as they arrive. */

export interface Told {
  event: string;
  data: Record<string, unknown>;
}

/** Cuts what arrives into events; a piece may end anywhere, in the middle of a letter too. */
export class Cutter {
  #rest = "";
  readonly #decoder = new TextDecoder();

  push(bytes: Uint8Array): Told[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const blocks = this.#rest.split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.map(readBlock);
  }
}

function readBlock(block: string): Told {
  const told: Told = { event: "message", data: {} };
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) told.event = line.slice(7);
    if (line.startsWith("data: "))
      told.data = JSON.parse(line.slice(6)) as Record<string, unknown>;
  }
  return told;
}

/** The events of a response. Throws where it is no such stream. */
export async function* events(response: Response): AsyncGenerator<Told> {
  const type = response.headers.get("Content-Type") ?? "";
  if (!response.body || !type.startsWith("text/event-stream")) throw new Error("no stream");
  const cutter = new Cutter();
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield* cutter.push(value);
  }
}
