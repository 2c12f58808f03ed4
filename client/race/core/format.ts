export const TICKS_PER_SECOND = 60;

/** Milliseconds since GO of the instant `frac` (0..1) into the tick that ended as number `ticks`. */
export function tickToMs(ticks: number, frac = 1): number {
  return Math.round(((ticks - 1 + frac) * 1000) / TICKS_PER_SECOND);
}

/** 83456 → "1:23.456". */
export function formatTime(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return "–:––.–––";
  const whole = Math.round(ms);
  const minutes = Math.floor(whole / 60_000);
  const seconds = Math.floor((whole % 60_000) / 1000);
  const rest = whole % 1000;
  return `${minutes}:${String(seconds).padStart(2, "0")}.${String(rest).padStart(3, "0")}`;
}

/** 340 → "+0.34"; the sign is always there, with a true minus. */
export function formatGap(ms: number): string {
  const hundredths = Math.round(Math.abs(ms) / 10);
  const sign = hundredths === 0 ? "±" : ms > 0 ? "+" : "−";
  return `${sign}${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
}

export type SpeedUnit = "mph" | "km/h";

/** Metres a second as the whole number on the dial. */
export function displaySpeed(metresPerSecond: number, unit: SpeedUnit): number {
  const factor = unit === "mph" ? 2.2369363 : 3.6;
  return Math.max(0, Math.round(metresPerSecond * factor));
}
