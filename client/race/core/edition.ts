import type { Cast, CharacterFacts, CostumeFacts, KartFacts } from "../cast/facts";
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

/** What falls, drifts and shines: shares from 0 to 1; `mist-top` in metres. */
export interface WeatherFacts {
  rain: number;
  mist: number;
  "mist-top": number;
  wet: number;
  stars: number;
  clouds: number;
  moon: boolean;
}

export interface TrackFacts {
  slug: string;
  name: Record<Language, string>;
  laps: number;
  id: string;
  length_m: number;
  table: string;
  /** The plan that AI drivers follow. */
  drivers: string;
  scenery: string;
  minimap: [number, number][];
  sky: SkyFacts;
  weather: WeatherFacts;
  light: {
    direction: [number, number, number];
    sun: [number, number, number];
    sky: [number, number, number];
    bounce: [number, number, number];
  };
  landmarks?: Landmark[];
  /** The piece that plays here; without one the edition's pieces take turns. */
  music?: string | null;
  /** Another for races in company. */
  "music-in-company"?: string | null;
}

/** A place beside the road, in simulation metres. */
export interface Landmark {
  slug: string;
  /** What it is, and one good reason to go. */
  what: Record<Language, string>;
  why: Record<Language, string>;
  name: Record<Language, string>;
  x: number;
  y: number;
}

export interface MusicFacts {
  slug: string;
  role: "race" | "menu" | "theme";
  character: string | null;
  file: string;
}

/** What a driver's cries sound like; audio/synth/voice.ts says what the numbers are. */
export type VoiceFacts = Record<"pitch" | "size" | "rough" | "breath" | "lilt" | "pace", number>;

/** What is heard on a course: addresses of scores, and the driver's voice. */
export interface Sounds {
  pieceUrl: string | null;
  /** In company; the same where the course names no other. */
  companyUrl: string | null;
  themeUrl: string | null;
  /** Before the race. */
  menuUrl: string | null;
  voice: VoiceFacts | null;
}

export interface EditionFile {
  slug: string;
  name: Record<Language, string>;
  tracks: TrackFacts[];
  karts: KartFacts[];
  characters: CharacterFacts[];
  costumes?: CostumeFacts[];
  music?: MusicFacts[];
  voices?: Record<string, VoiceFacts>;
}

/** What an edition says of one track; every address is absolute. */
export interface Course {
  facts: TrackFacts;
  edition: string;
  cast: Cast;
  driversUrl: string;
  tableUrl: string;
  sceneryUrl: string;
  /** What is heard when this person drives. */
  soundsOf(driver: string): Sounds;
}

export class EditionError extends Error {}

export function findCourse(edition: EditionFile, slug: string, base: string): Course {
  // Where two editions have a track of one name, the site calls the second edition_slug.
  const own = slug.replace(new RegExp(`^${edition.slug}_`), "");
  const facts = edition.tracks.find((track) => track.slug === own);
  if (!facts) throw new EditionError(`the edition ${edition.slug} has no track ${slug}`);
  const url = (path: string): string => new URL(path, base).href;
  return {
    facts,
    edition: edition.slug,
    cast: castOf(edition, base),
    driversUrl: url(facts.drivers),
    tableUrl: url(facts.table),
    sceneryUrl: url(facts.scenery),
    soundsOf: (driver) => soundsOf(edition, facts, url, driver),
  };
}

/** Who and what an edition has, wherever its files are. */
export function castOf(edition: EditionFile, base: string): Cast {
  return {
    edition: edition.slug,
    characters: edition.characters,
    karts: edition.karts,
    costumes: edition.costumes ?? [],
    url: (path) => new URL(path, base).href,
  };
}

/** The tune of a person, and what plays where nobody races. */
export const themeOf = (edition: EditionFile, person: string): MusicFacts | undefined =>
  edition.music?.find(({ character }) => character !== null && character === person);
export const menuOf = (edition: EditionFile): MusicFacts | undefined =>
  edition.music?.find(({ role }) => role === "menu");

function soundsOf(
  edition: EditionFile,
  facts: TrackFacts,
  url: (path: string) => string,
  driver: string,
): Sounds {
  const music = edition.music ?? [];
  const races = music.filter((piece) => piece.role === "race");
  const turn = edition.tracks.indexOf(facts) % Math.max(1, races.length);
  const piece = races.find(({ slug }) => slug === facts.music) ?? races[turn];
  const company = races.find(({ slug }) => slug === facts["music-in-company"]) ?? piece;
  const file = (found: MusicFacts | undefined): string | null => (found ? url(found.file) : null);
  return {
    pieceUrl: file(piece),
    companyUrl: file(company),
    themeUrl: file(themeOf(edition, driver)),
    menuUrl: file(menuOf(edition)),
    voice: edition.voices?.[driver] ?? null,
  };
}

/** An edition's index, and the address that its paths are relative to. */
export async function fetchEdition(url: string): Promise<{ index: EditionFile; base: string }> {
  const base = new URL(url, document.baseURI).href;
  const response = await fetch(base);
  if (!response.ok) throw new EditionError(`${base}: HTTP ${response.status}`);
  return { index: (await response.json()) as EditionFile, base };
}

export async function fetchCourse(editionUrl: string, slug: string): Promise<Course> {
  const { index, base } = await fetchEdition(editionUrl);
  return findCourse(index, slug, base);
}
