/** Melodies for a page: notes of a pentatonic scale (null rests), a note each `beat` seconds. */
export interface Tune {
  /** The scale's first note, in hertz. */
  root: number;
  /** Seconds a note. */
  beat: number;
  melody: readonly (number | null)[];
  /** One a bar of eight notes. */
  bass: readonly number[];
}

/** Semitones of the scale's degrees, over two octaves. */
export const SCALE = [0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24] as const;

const _ = null;

export const TUNES: Readonly<Record<string, Tune>> = {
  moonrise: {
    root: 261.63,
    beat: 0.36,
    // prettier-ignore
    melody: [4, _, _, 5, 4, _, 3, _, 2, _, _, 3, 4, _, _, _, 5, _, _, 7, 6, _, 5, _, 4, _, 3, _, 2, _, _, _,
      4, _, _, 5, 7, _, 8, _, 7, _, 5, _, 4, _, _, _, 3, _, 4, 3, 2, _, 1, _, 0, _, _, _, 2, _, _, _],
    bass: [0, 2, 4, 2, 0, 4, 3, 0],
  },
  willow: {
    root: 220,
    beat: 0.3,
    // prettier-ignore
    melody: [7, _, 6, 5, _, 4, 5, _, 4, _, 3, 2, _, 3, 4, _, 5, _, 4, 3, _, 2, 3, _, 2, _, 1, 0, _, _, _, _,
      0, _, 2, 3, _, 4, 5, _, 7, _, 6, 7, _, 5, 4, _, 3, _, 4, 5, _, 3, 2, _, 1, _, 2, 0, _, _, _, _],
    bass: [0, 1, 3, 0, 0, 2, 3, 0],
  },
  teahouse: {
    root: 293.66,
    beat: 0.22,
    // prettier-ignore
    melody: [0, 2, 3, 4, _, 3, 4, _, 5, 4, 3, 2, _, 3, _, _, 4, 5, 7, 5, _, 4, 5, _, 3, 4, 3, 2, 0, _, _, _,
      2, 2, 3, 4, _, 5, 4, _, 7, 6, 5, 4, _, 5, _, _, 8, 7, 5, 4, _, 3, 4, _, 2, 3, 2, 1, 0, _, _, _],
    bass: [0, 2, 3, 0, 2, 4, 3, 0],
  },
  lanterns: {
    root: 196,
    beat: 0.42,
    // prettier-ignore
    melody: [5, _, 7, _, 8, _, 7, _, 5, _, 4, _, 5, _, _, _, 4, _, 5, _, 7, _, 5, _, 4, _, 3, _, 2, _, _, _,
      3, _, 4, _, 5, _, 7, _, 9, _, 8, _, 7, _, _, _, 5, _, 7, _, 4, _, 3, _, 2, _, 3, _, 0, _, _, _],
    bass: [0, 3, 2, 0, 3, 4, 1, 0],
  },
};

/** The frequency of a degree of the scale, in hertz. */
export function pitch(root: number, degree: number): number {
  return root * 2 ** ((SCALE[degree] ?? 0) / 12);
}
