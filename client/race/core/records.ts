import type { Outbox } from "./outbox";

export interface Verified {
  id: string;
  /** Null when it is not the player's best. */
  rank: number | null;
  time_ms: number;
  lap_ms: number[];
  personal_best: boolean;
  player: { name: string; guest: boolean };
}

export interface BoardRow {
  id: string;
  rank: number;
  player: { name: string; guest: boolean };
  time_ms: number;
  is_you: boolean;
}

export type Verdict =
  | { kind: "verified"; record: Verified }
  | { kind: "refused"; reason: string; mend: string }
  | { kind: "later"; why: "offline" | "busy" };

function csrfToken(): string {
  const match = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie);
  return match ? decodeURIComponent(match[1]!) : "";
}

/** The server's board: sends what was driven, reads who drove what. */
export class Records {
  constructor(
    private readonly api: string,
    private readonly track: string,
    private readonly outbox: Outbox,
  ) {}

  /** Sends a replay; what cannot be sent now is kept and sent later. */
  async submit(replay: Uint8Array<ArrayBuffer>): Promise<Verdict> {
    const verdict = await this.post(replay, this.track);
    if (verdict.kind === "later") await this.outbox.keep(this.track, replay);
    return verdict;
  }

  private async post(replay: Uint8Array<ArrayBuffer>, track: string): Promise<Verdict> {
    let response: Response;
    try {
      response = await fetch(`${this.api}records?track=${encodeURIComponent(track)}`, {
        method: "POST",
        headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": csrfToken() },
        credentials: "same-origin",
        body: new Blob([replay]),
      });
    } catch {
      return { kind: "later", why: "offline" };
    }
    if (response.status === 201 || response.status === 200) {
      return { kind: "verified", record: (await response.json()) as Verified };
    }
    // 403: the session or its token has expired; the next page has a new one.
    if (response.status === 403 || response.status === 429 || response.status >= 500) return { kind: "later", why: "busy" };
    const told = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    return {
      kind: "refused",
      reason: String(told["reason"] ?? told["detail"] ?? `HTTP ${response.status}`),
      mend: String(told["mend"] ?? ""),
    };
  }

  /** Sends what earlier races left behind; says how many went through. */
  async flush(): Promise<number> {
    let sent = 0;
    for (const item of await this.outbox.all()) {
      const verdict = await this.post(item.replay, item.track);
      if (verdict.kind === "later") break;
      await this.outbox.drop(item.key);
      if (verdict.kind === "verified") sent++;
    }
    return sent;
  }

  async board(limit = 10): Promise<BoardRow[]> {
    const url = `${this.api}records?track=${encodeURIComponent(this.track)}&kind=race&limit=${limit}`;
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return ((await response.json()) as { items: BoardRow[] }).items;
  }

  /** What the driver of a record wears today; null for whoever never chose. */
  async outfit(id: string): Promise<unknown> {
    const response = await fetch(`${this.api}records/${encodeURIComponent(id)}/outfit`, {
      credentials: "same-origin",
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return ((await response.json()) as { outfit: unknown }).outfit;
  }

  async replay(id: string): Promise<Uint8Array> {
    const response = await fetch(`${this.api}records/${encodeURIComponent(id)}/replay`, {
      credentials: "same-origin",
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}
