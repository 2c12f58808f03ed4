/** How a thumb's path becomes steering; pixels are CSS pixels. No page is touched here, so it is tested alone. */
export const STEER_PX = 72;
export const DRIFT_PX = 100;
export const DRIFT_KEEP_PX = 76;
export const BRAKE_PX = 96;
export const TAP_MS = 220;
export const TAP_PX = 12;

export interface Thumb {
  steer: number;
  drift: boolean;
  brake: boolean;
}

/** Fine about the middle, full at STEER_PX. */
export function steerOf(dx: number, full = STEER_PX): number {
  const size = Math.min(1, Math.abs(dx) / full);
  return Math.sign(dx) * (0.6 * size + 0.4 * size * size);
}

/** One thumb does all: left and right steer, far out drifts, down brakes. */
export function oneThumb(dx: number, dy: number, drifting: boolean): Thumb {
  const far = Math.abs(dx);
  const drift = drifting ? far > DRIFT_KEEP_PX : far > DRIFT_PX;
  return { steer: steerOf(dx), drift, brake: dy > BRAKE_PX && dy > far };
}

export const isTap = (ms: number, travelled: number): boolean => ms < TAP_MS && travelled < TAP_PX;
