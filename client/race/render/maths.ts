/** Moves `from` towards `to`; after 1/rate seconds about two thirds of the way are done. */
export const damp = (from: number, to: number, rate: number, dt: number): number =>
  to + (from - to) * Math.exp(-rate * dt);

export const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value;

export const smooth = (t: number): number => {
  const u = clamp(t, 0, 1);
  return u * u * (3 - 2 * u);
};

/** The angle within −π … π. */
export const wrapAngle = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle));

/** Three's turn about its y axis for a plane heading. */
export const headingAngle = (hx: number, hy: number): number => Math.atan2(hy, hx);
