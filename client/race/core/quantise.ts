import {
  BUTTON_BRAKE,
  BUTTON_DRIFT,
  BUTTON_MINI,
  BUTTON_NITRO,
  BUTTON_RESCUE,
  BUTTON_THROTTLE,
} from "../generated/sim.js";

/** What a driver wants at one instant. `steer` is −1 (left) … 1 (right). */
export interface Wish {
  steer: number;
  throttle: boolean;
  brake: boolean;
  drift: boolean;
  nitro: boolean;
  mini: boolean;
  rescue: boolean;
}

export const idleWish = (): Wish => ({
  steer: 0,
  throttle: false,
  brake: false,
  drift: false,
  nitro: false,
  mini: false,
  rescue: false,
});

export const STEER_MAX = 127;

/** Steering as the whole number the simulation takes, −127 … 127, positive to the right. */
export function quantiseSteer(steer: number): number {
  if (!Number.isFinite(steer)) return 0;
  const bounded = Math.max(-1, Math.min(1, steer));
  return Math.round(bounded * STEER_MAX) + 0;
}

export function packButtons(wish: Wish): number {
  return (
    (wish.throttle ? BUTTON_THROTTLE : 0) |
    (wish.brake ? BUTTON_BRAKE : 0) |
    (wish.drift ? BUTTON_DRIFT : 0) |
    (wish.nitro ? BUTTON_NITRO : 0) |
    (wish.mini ? BUTTON_MINI : 0) |
    (wish.rescue ? BUTTON_RESCUE : 0)
  );
}
