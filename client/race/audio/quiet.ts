/** The library would greet everybody on the console; call before it is imported. */
export function quietTone(): void {
  (globalThis as { TONE_SILENCE_LOGGING?: boolean }).TONE_SILENCE_LOGGING = true;
}
