import type { Language } from "../core/config";

export type Words = Record<Language, string>;

export const SLOTS = ["head", "face", "body", "hands", "feet", "kart"] as const;
export type Slot = (typeof SLOTS)[number];

/** A piece of the wardrobe and one of its colourways, by their short names. */
export type Worn = [piece: string, colourway: string];
export type Wears = Partial<Record<Slot, Worn>>;

/** What an edition's index says of a person; a sketch has no figure. */
export interface CharacterFacts {
  slug: string;
  name: Words;
  home: Words;
  story: Words;
  kart: string;
  age?: number;
  personality?: Words;
  favourite?: Words;
  why?: Words;
  /** The person dressed, and the person to dress. */
  model?: string;
  body?: string;
  wears?: Wears;
  /** Slots whose piece may be recoloured and never taken off. */
  keeps?: Slot[];
}

export interface ColourwayFacts {
  slug: string;
  name: Words;
  texture: string;
}

export interface CostumeFacts {
  slug: string;
  slot: Slot;
  name: Words;
  what: Words;
  origin: Words;
  history: Words;
  source: string | null;
  earned: { by: "open" | "licence" | "season" | "card"; how: Words | null };
  colourways: ColourwayFacts[];
  model: string | null;
  hides: string[];
}

export interface KartFacts {
  slug: string;
  name: Words;
  model: string;
  what?: Words;
  /** Where a rig that drives is put; a kart without it brings a driver of its own. */
  seat?: [number, number, number];
}

/** Everybody and everything an edition can put on the road. */
export interface Cast {
  edition: string;
  characters: CharacterFacts[];
  karts: KartFacts[];
  costumes: CostumeFacts[];
  /** The absolute address of a file of the edition. */
  url(path: string): string;
}

/** Those who have a figure. */
export const figures = (cast: Cast): CharacterFacts[] =>
  cast.characters.filter(({ model, body }) => model && body);

export const costumeOf = (cast: Cast, slug: string): CostumeFacts | undefined =>
  cast.costumes.find((costume) => costume.slug === slug);
