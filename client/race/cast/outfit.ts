import { costumeOf, figures, SLOTS, type Cast, type CharacterFacts, type Slot, type Wears } from "./facts";

/** Who drives what, and what is worn; all by short names of one edition. */
export interface Outfit {
  edition: string;
  character: string;
  kart: string;
  wears: Wears;
}

const KEY = "moongate.race.outfit";
/** What nobody goes without. */
const NEEDED: Slot = "body";

/** What a person comes in, in the kart that suits them. */
export function ownOutfit(cast: Cast, person: CharacterFacts): Outfit {
  const kart = cast.karts.find(({ slug }) => slug === person.kart) ?? cast.karts[0];
  return {
    edition: cast.edition,
    character: person.slug,
    kart: kart?.slug ?? "",
    wears: { ...person.wears },
  };
}

/**
 * The nearest outfit to a wish that this edition has; anything may be wished, for it comes from
 * storage. Null where the edition has nobody to dress.
 */
export function fitted(wish: unknown, cast: Cast): Outfit | null {
  const people = figures(cast);
  const asked = asWish(wish, cast.edition);
  const person = people.find(({ slug }) => slug === asked.character) ?? people[0];
  if (!person) return null;
  const own = ownOutfit(cast, person);
  if (person.slug !== asked.character) return own;
  const kart = cast.karts.find(({ slug }) => slug === asked.kart)?.slug ?? own.kart;
  const wears: Wears = {};
  for (const slot of SLOTS) {
    const worn = checkedPiece(asked.wears?.[slot], slot, cast);
    const kept = person.keeps?.includes(slot) && worn?.[0] !== own.wears[slot]?.[0];
    const bare = slot === NEEDED && !worn;
    const piece = kept || bare ? own.wears[slot] : worn;
    if (piece) wears[slot] = piece;
  }
  return { edition: cast.edition, character: person.slug, kart, wears };
}

function asWish(wish: unknown, edition: string): Partial<Outfit> {
  if (typeof wish !== "object" || wish === null) return {};
  const asked = wish as Partial<Outfit>;
  return asked.edition === edition ? asked : {};
}

function checkedPiece(worn: unknown, slot: Slot, cast: Cast): [string, string] | null {
  if (!Array.isArray(worn)) return null;
  const [piece, way] = worn as unknown[];
  const costume = costumeOf(cast, String(piece));
  const found = costume?.colourways.find(({ slug }) => slug === way) ?? costume?.colourways[0];
  return costume && found && costume.slot === slot ? [costume.slug, found.slug] : null;
}

/** Whether nothing but the person's own clothes is worn, whatever the kart's livery. */
export function isOwn(wears: Wears, person: CharacterFacts): boolean {
  return SLOTS.every(
    (slot) => slot === "kart" || String(wears[slot] ?? "") === String(person.wears?.[slot] ?? ""),
  );
}

export function keptOutfit(): unknown {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null");
  } catch {
    return null; // Storage may be closed to us, or hold what an older version wrote.
  }
}

export function keepOutfit(outfit: Outfit): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(outfit));
  } catch {
    // A private window keeps nothing; the outfit is worn until it closes.
  }
}
