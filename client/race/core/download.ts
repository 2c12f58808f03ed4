/** Fetches several files and tells, as a share of all bytes (0..1), how far it has come. */
export class Downloads {
  private readonly parts = new Map<string, { loaded: number; total: number; weight: number }>();

  constructor(private readonly progress: (share: number) => void) {}

  /** `weight` is the bytes expected where the server does not tell. */
  async bytes(url: string, weight: number): Promise<ArrayBuffer> {
    const part = { loaded: 0, total: weight, weight };
    this.parts.set(url, part);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
    const told = Number(response.headers.get("Content-Length"));
    const packed = response.headers.get("Content-Encoding");
    if (told > 0 && !packed) part.total = told;
    if (!response.body) return this.done(part, await response.arrayBuffer());
    const chunks: Uint8Array[] = [];
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      part.loaded += value.length;
      part.total = Math.max(part.total, part.loaded);
      this.tell();
    }
    const all = new Uint8Array(part.loaded);
    let at = 0;
    for (const chunk of chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return this.done(part, all.buffer);
  }

  private done(part: { loaded: number; total: number }, data: ArrayBuffer): ArrayBuffer {
    part.loaded = part.total = Math.max(1, data.byteLength);
    this.tell();
    return data;
  }

  private tell(): void {
    let loaded = 0;
    let total = 0;
    for (const part of this.parts.values()) {
      loaded += part.loaded;
      total += part.total;
    }
    this.progress(total > 0 ? loaded / total : 0);
  }
}
