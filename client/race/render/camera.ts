import { MathUtils, Vector3, type PerspectiveCamera } from "three";
import type { System, World } from "../core/world";
import { clamp, damp, headingAngle, smooth, wrapAngle } from "./maths";

const BACK_M = 6.1;
const UP_M = 2.55;
const LOOK_UP_M = 1.15;
const LOOK_AHEAD_M = 5;
const WIDE_FOV = 58;
const TALL_FOV = 76;
const BOOST_FOV = 13;
const GATE_FOV = 44;
const REST_FOCUS = { wide: { x: 0.36, y: 0.52 }, tall: { x: 0.5, y: 0.2 } };
export const INTRO_S = 3.6;

/** The chase camera: it follows on a spring, swings out in a drift, opens with speed, shakes on a wall. */
export class ChaseCamera implements System {
  readonly name = "camera";
  private yaw = 0;
  private swing = 0;
  private back = BACK_M;
  private up = UP_M;
  private fov = WIDE_FOV;
  private shake = 0;
  private height = 0;
  private orbit = 0;
  private shiftX = 0;
  private shiftY = 0;
  private fresh = true;
  private readonly from = new Vector3();
  private readonly eye = new Vector3();
  private readonly look = new Vector3();
  private readonly chaseEye = new Vector3();
  private readonly chaseLook = new Vector3();

  constructor(private readonly camera: PerspectiveCamera) {}

  reset(): void {
    this.fresh = true;
    this.shake = 0;
    this.orbit = 0;
  }

  frame(world: World, dt: number): void {
    if (this.fresh) this.settle(world);
    this.chase(world, dt);
    this.eye.copy(this.chaseEye);
    this.look.copy(this.chaseLook);
    if (world.phase === "gate" || world.phase === "intro") this.flyIn(world);
    else if (world.phase === "finished") this.rest(world, dt);
    else if (world.lookBack) this.behind(world);
    this.jolt(world, dt);
    this.camera.position.copy(this.eye);
    this.camera.lookAt(this.look);
    const rolled = world.config.reducedMotion ? 0 : -this.swing * 0.035;
    this.camera.rotateZ(rolled);
    this.aim(world);
    this.camera.updateMatrixWorld();
  }

  /** Opens the view, and shifts it so that its middle stands at the focus. */
  private aim(world: World): void {
    const resting = world.phase === "finished";
    const focus = resting
      ? this.camera.aspect < 1
        ? REST_FOCUS.tall
        : REST_FOCUS.wide
      : world.focus;
    const share =
      {
        gate: 1,
        intro: 1 - smooth(world.phaseTime / 1.4),
        finished: smooth(world.phaseTime / 2.2),
      }[world.phase as string] ?? 0;
    const x = (0.5 - focus.x) * share;
    const y = (0.5 - focus.y) * share;
    const { camera } = this;
    if (Math.abs(camera.fov - this.fov) < 0.01 && x === this.shiftX && y === this.shiftY) return;
    camera.fov = this.fov;
    this.shiftX = x;
    this.shiftY = y;
    if (x === 0 && y === 0) camera.clearViewOffset();
    else {
      // setViewOffset takes the aspect from the size it is given.
      const wide = 1000 * camera.aspect;
      camera.setViewOffset(wide, 1000, x * wide, y * 1000, wide, 1000);
    }
    camera.updateProjectionMatrix();
  }

  private settle(world: World): void {
    this.yaw = headingAngle(world.me.hx, world.me.hy);
    this.height = world.me.h;
    this.swing = 0;
    this.fresh = false;
  }

  private get base(): number {
    return this.camera.aspect < 1 ? TALL_FOV : WIDE_FOV;
  }

  private chase(world: World, dt: number): void {
    const { me, config } = world;
    // Looking where the kart goes, not where it points, shows the slide.
    const going = headingAngle(me.hx, me.hy) - Math.asin(clamp(me.slip, -0.95, 0.95)) * 0.55;
    this.yaw += wrapAngle(going - this.yaw) * (1 - Math.exp(-7.5 * dt));
    this.swing = damp(this.swing, me.drift, 3.2, dt);
    const boost = me.nitro ? 1 : me.mini ? 0.55 : 0;
    const rush = clamp(me.speed / 42, 0, 1.3);
    const motion = config.reducedMotion ? 0.25 : 1;
    this.back = damp(this.back, BACK_M + motion * (rush * 0.5 + boost * 0.9), 4, dt);
    this.up = damp(this.up, UP_M - motion * rush * 0.25, 4, dt);
    this.height = damp(this.height, me.h, 14, dt);
    this.fov = damp(
      this.fov,
      this.base + motion * (rush * 5 + boost * BOOST_FOV),
      boost ? 7 : 3,
      dt,
    );
    const cos = Math.cos(this.yaw);
    const sin = Math.sin(this.yaw);
    const side = this.swing * 0.9 * motion;
    const tall = this.camera.aspect < 1 ? 1.18 : 1;
    this.chaseEye.set(
      me.x - cos * this.back * tall + sin * side,
      this.height + this.up * tall - me.grade * this.back * 0.7,
      -(me.y - sin * this.back * tall - cos * side),
    );
    this.chaseLook.set(
      me.x + cos * LOOK_AHEAD_M,
      me.h + LOOK_UP_M + me.grade * LOOK_AHEAD_M,
      -(me.y + sin * LOOK_AHEAD_M),
    );
  }

  /** From beside the kart, face to face, up over the place and down behind. */
  private flyIn(world: World): void {
    const { me } = world;
    const t = world.phase === "gate" ? 0 : clamp(world.phaseTime / INTRO_S, 0, 1);
    const turn = smooth(t);
    const drift = world.config.reducedMotion ? 0 : Math.sin(world.clock * 0.3) * 0.22;
    const yaw = headingAngle(me.hx, me.hy) + (1 - turn) * (2.45 + (1 - t) * drift);
    const rise = Math.sin(Math.PI * t) ** 2;
    const far = MathUtils.lerp(5.4, BACK_M, turn);
    const high = MathUtils.lerp(1.35, UP_M, turn) + rise * 7.5;
    // Backwards along the road, not outwards: beside it stand houses.
    const back = rise * 15;
    this.from.set(
      me.x - Math.cos(yaw) * far - me.hx * back,
      me.h + high,
      -(me.y - Math.sin(yaw) * far - me.hy * back),
    );
    this.eye.lerpVectors(this.from, this.chaseEye, smooth((t - 0.6) / 0.4));
    const ahead = LOOK_AHEAD_M * smooth((t - 0.3) / 0.7);
    this.look.set(
      me.x + me.hx * ahead,
      me.h + MathUtils.lerp(0.95, LOOK_UP_M, turn),
      -(me.y + me.hy * ahead),
    );
    if (t < 1) this.fov = damp(this.fov, t === 0 ? GATE_FOV : this.base, 4, 0.016);
  }

  private rest(world: World, dt: number): void {
    const { me } = world;
    const into = smooth(world.phaseTime / 2.2);
    this.orbit += dt * (world.config.reducedMotion ? 0 : 0.16);
    const yaw = this.yaw + Math.PI * 0.78 * into + this.orbit;
    const far = MathUtils.lerp(BACK_M, 7.2, into);
    this.eye.set(
      me.x - Math.cos(yaw) * far,
      me.h + MathUtils.lerp(UP_M, 2.1, into),
      -(me.y - Math.sin(yaw) * far),
    );
    this.look.set(me.x, me.h + 0.7, -me.y);
    this.fov = damp(this.fov, this.camera.aspect < 1 ? 62 : 40, 2, dt);
  }

  private behind(world: World): void {
    const { me } = world;
    this.eye.set(me.x + me.hx * 5.2, me.h + 2.2, -(me.y + me.hy * 5.2));
    this.look.set(me.x - me.hx * 8, me.h + 1, -(me.y - me.hy * 8));
  }

  private jolt(world: World, dt: number): void {
    for (const event of world.events) {
      if (event.kind === "wall" || event.kind === "bump")
        this.shake = Math.max(this.shake, clamp(event.speed / 22, 0.12, 1));
      if (event.kind === "nitro") this.shake = Math.max(this.shake, 0.22);
    }
    this.shake = damp(this.shake, world.me.offRoad ? 0.05 : 0, 6, dt);
    if (world.config.reducedMotion) return;
    const size = this.shake * 0.34;
    this.eye.x += Math.sin(world.clock * 61) * size;
    this.eye.y += Math.sin(world.clock * 73 + 1) * size;
    this.eye.z += Math.sin(world.clock * 67 + 2) * size;
  }
}
