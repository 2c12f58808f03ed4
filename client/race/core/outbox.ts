/** Replays that could not be sent yet, and the best of each track, kept in this browser. */
export interface Kept {
  key: number;
  track: string;
  replay: Uint8Array<ArrayBuffer>;
}

export interface Best {
  timeMs: number;
  replay: Uint8Array<ArrayBuffer>;
}

const NAME = "moongate-race";
const OUTBOX = "outbox";
const BEST = "best";
const MOST_KEPT = 20;

function request<T>(what: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    what.onsuccess = () => resolve(what.result);
    what.onerror = () => reject(what.error ?? new Error("storage failed"));
  });
}

export class Outbox {
  private opened: Promise<IDBDatabase> | null = null;

  private database(): Promise<IDBDatabase> {
    this.opened ??= new Promise((resolve, reject) => {
      const open = indexedDB.open(NAME, 1);
      open.onupgradeneeded = () => {
        open.result.createObjectStore(OUTBOX, { autoIncrement: true });
        open.result.createObjectStore(BEST);
      };
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error ?? new Error("storage failed"));
    });
    return this.opened;
  }

  /** Storage may be full or closed; a race must not fail for that, so the fallback stands in. */
  private async attempt<T>(
    mode: IDBTransactionMode,
    store: string,
    fallback: T,
    work: (s: IDBObjectStore) => Promise<T>,
  ): Promise<T> {
    try {
      const database = await this.database();
      return await work(database.transaction(store, mode).objectStore(store));
    } catch {
      return fallback;
    }
  }

  async keep(track: string, replay: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.attempt("readwrite", OUTBOX, undefined, async (store) => {
      const keys = await request(store.getAllKeys());
      for (const key of keys.slice(0, Math.max(0, keys.length + 1 - MOST_KEPT))) store.delete(key);
      await request(store.add({ track, replay }));
    });
  }

  async all(): Promise<Kept[]> {
    return this.attempt<Kept[]>("readonly", OUTBOX, [], async (store) => {
      const [keys, values] = await Promise.all([
        request(store.getAllKeys()),
        request(store.getAll()),
      ]);
      return keys.map((key, i) => ({ ...(values[i] as Omit<Kept, "key">), key: Number(key) }));
    });
  }

  async drop(key: number): Promise<void> {
    await this.attempt("readwrite", OUTBOX, undefined, async (store) => {
      await request(store.delete(key));
    });
  }

  async best(trackId: string): Promise<Best | null> {
    return this.attempt<Best | null>("readonly", BEST, null, async (store) => {
      return ((await request(store.get(trackId))) as Best | undefined) ?? null;
    });
  }

  async keepBest(trackId: string, best: Best): Promise<void> {
    await this.attempt("readwrite", BEST, undefined, async (store) => {
      await request(store.put(best, trackId));
    });
  }
}
