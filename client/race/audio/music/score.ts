/** A compiled score, as `moongate race edition build` writes it. */
export type FormName = "intro" | "countdown" | "loop" | "last-lap" | "finish" | "results";
export type LayerName = "base" | "race" | "last-lap" | "boost";

export interface ScorePart {
  slug: string;
  instrument: string;
  gain: number; // dB
  pan: number;
  room: number;
  layer: LayerName;
}

export interface Score {
  format: number;
  slug: string;
  bpm: number;
  metre: [number, number];
  ppq: number;
  gain: number; // dB
  rush: number;
  lift: number;
  drums: string[];
  parts: ScorePart[];
  /** Notes are flat: ticks since the note before, pitch, length in ticks, loudness 1..127. */
  sections: Record<string, { bars: number; tracks: { part: number; notes: number[] }[] }>;
  form: Record<FormName, string[]>;
}

export const SCORE_FORMAT = 1;
export const KIT = "kit";

export const barTicks = (score: Score): number =>
  (score.metre[0] * 4 * score.ppq) / score.metre[1];

export const secondsPerTick = (score: Score, rush: boolean): number =>
  60 / (score.bpm * (rush ? score.rush : 1) * score.ppq);

export async function fetchScore(url: string): Promise<Score> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  const score = (await response.json()) as Score;
  if (score.format !== SCORE_FORMAT) throw new Error(`${url}: score format ${score.format}`);
  return score;
}
