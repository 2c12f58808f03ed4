/** The visitor's cards collected in this browser, and the counts of them that wait to be sent. */

const CARDS = "moongate.race.cards";
const QUEUE = "moongate.race.interest";
const MOST_QUEUED = 120;
const MOST_SENT = 24;
const WAIT_MS = 10_000;

/** A card as it is counted: a course's address and a landmark. */
export interface Collected {
  course: string;
  card: string;
}

function read<T>(key: string, fallback: T, fits: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return fits(value) ? value : fallback;
  } catch {
    return fallback; // storage closed to us, or something else's words in it
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A private window keeps nothing; the game goes on.
  }
}

const isText = (value: unknown): value is string => typeof value === "string";

function isShelf(value: unknown): value is Record<string, string[]> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((cards) => Array.isArray(cards) && cards.every(isText))
  );
}

function isQueue(value: unknown): value is Collected[] {
  return (
    Array.isArray(value) &&
    value.every((one: Partial<Collected> | null) => isText(one?.course) && isText(one?.card))
  );
}

/** The cards of one course (edition/track), by the landmarks' short names. */
export function cardsOf(course: string): Set<string> {
  return new Set(read(CARDS, {}, isShelf)[course] ?? []);
}

/** Puts a card with the others; false when it was there already. */
export function collect(course: string, card: string): boolean {
  const shelf = read(CARDS, {}, isShelf);
  const mine = shelf[course] ?? [];
  if (mine.includes(card)) return false;
  write(CARDS, { ...shelf, [course]: [...mine, card] });
  return true;
}

/** Whether this browser asks every site not to follow it. */
function asksForPrivacy(): boolean {
  const asked = navigator as Navigator & { globalPrivacyControl?: boolean };
  return asked.globalPrivacyControl === true || navigator.doNotTrack === "1";
}

/** Anonymous counts, kept while there is no network. */
export class Interest {
  private sending = false;

  constructor(
    private readonly api: string,
    /** Whether the player lets cards be counted. */
    private readonly allowed: () => boolean,
  ) {}

  note(collected: Collected): void {
    if (!this.allowed() || asksForPrivacy()) return;
    write(QUEUE, [...read(QUEUE, [], isQueue), collected].slice(-MOST_QUEUED));
    void this.flush();
  }

  /** Sends what waits, a course at a time; stops at the first that does not go through. */
  async flush(): Promise<void> {
    if (!this.allowed() || asksForPrivacy()) write(QUEUE, []);
    if (this.sending) return;
    this.sending = true;
    try {
      for (let queue = read(QUEUE, [], isQueue); queue.length > 0; queue = read(QUEUE, [], isQueue)) {
        const { course } = queue[0]!;
        const sent = queue.filter((one) => one.course === course).slice(0, MOST_SENT);
        if (!(await this.post(course, sent.map(({ card }) => card)))) return;
        const left = new Set(sent.map(({ card }) => card));
        write(
          QUEUE,
          read(QUEUE, [], isQueue).filter((one) => one.course !== course || !left.has(one.card)),
        );
      }
    } finally {
      this.sending = false;
    }
  }

  /** Without cookies, so that the server cannot tell whose cards these are. */
  private async post(course: string, cards: string[]): Promise<boolean> {
    try {
      const response = await fetch(`${this.api}interest`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        credentials: "omit",
        body: JSON.stringify({ course, cards }),
        signal: AbortSignal.timeout(WAIT_MS),
      });
      // What the server will never take need not be kept.
      return response.ok || (response.status >= 400 && response.status < 429);
    } catch {
      return false;
    }
  }
}
