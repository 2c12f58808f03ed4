/** What a player may do besides driving. */
export interface Actions {
  pause(): void;
  restart(): void;
  skip(): void;
  mute(): void;
}
