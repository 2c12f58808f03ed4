import type { Language } from "./config";

export interface SkyFacts {
  top: string;
  middle: string;
  horizon: string;
  glow: string;
  ground: string;
  fog: string;
  "fog-near": number;
  "fog-far": number;
}

export interface TrackFacts {
  slug: string;
  name: Record<Language, string>;
  laps: number;
  id: string;
  length_m: number;
  table: string;
  scenery: string;
  minimap: [number, number][];
  sky: SkyFacts;
  light: {
    direction: [number, number, number];
    sun: [number, number, number];
    sky: [number, number, number];
    bounce: [number, number, number];
  };
}

export interface KartFacts {
  slug: string;
  model: string;
}

interface EditionFile {
  slug: string;
  tracks: TrackFacts[];
  karts: KartFacts[];
}

/** What an edition says of one track; every address is absolute. */
export interface Course {
  facts: TrackFacts;
  tableUrl: string;
  sceneryUrl: string;
  kartUrl: string | null;
}

export class EditionError extends Error {}

export function findCourse(edition: EditionFile, slug: string, base: string): Course {
  const facts = edition.tracks.find((track) => track.slug === slug);
  if (!facts) throw new EditionError(`the edition ${edition.slug} has no track ${slug}`);
  const kart = edition.karts[0];
  const url = (path: string): string => new URL(path, base).href;
  return {
    facts,
    tableUrl: url(facts.table),
    sceneryUrl: url(facts.scenery),
    kartUrl: kart ? url(kart.model) : null,
  };
}

export async function fetchCourse(editionUrl: string, slug: string): Promise<Course> {
  const base = new URL(editionUrl, document.baseURI).href;
  const response = await fetch(base);
  if (!response.ok) throw new EditionError(`${base}: HTTP ${response.status}`);
  return findCourse((await response.json()) as EditionFile, slug, base);
}
