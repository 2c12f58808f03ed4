import { Vector3, type PerspectiveCamera } from "three";
import { TICKS_PER_SECOND } from "../core/format";
import type { System, World } from "../core/world";
import { ChaseCamera } from "../render/camera";
import { clamp, damp, headingAngle } from "../render/maths";
import { shotAt, type Shot } from "./shots";
import { SIGHT, airEye, type Sight } from "./sights";
import type { Tape } from "./tape";
import type { Trackside } from "./trackside";

const LOOK_UP_M = 0.7;
const FRAMED_M = 7.5; // how much of the picture's height a kart beside the road is shown with
const NARROWEST = 13;
const WIDEST = 52;
const AIR_LOOK_UP_M = 2;
const AIR_SHARE = 0.14; // of the way from the kart to the landmark, where the camera looks
const AIR_FOV = 50;
const GRID_FOV = 38;
const TALL = 1.45; // a tall picture opens wider, or the road is too narrow in it

/** The cameras of the broadcast. Which one is on follows from the tick; see `shots.ts`. */
export class BroadcastCamera implements System {
  readonly name = "broadcast camera";
  private readonly chase: ChaseCamera;
  private readonly eye = new Vector3();
  private readonly look = new Vector3();
  private readonly wanted = new Vector3();
  private fov = WIDEST;
  private isCut = true;
  private on: Shot;

  constructor(
    private readonly camera: PerspectiveCamera,
    private readonly tape: Tape,
    private readonly shots: readonly Shot[],
  ) {
    this.chase = new ChaseCamera(camera);
    this.on = shots[0]!;
  }

  /** The shot that belongs to where the tape stands. */
  get shot(): Shot {
    return shotAt(this.shots, this.tape.now);
  }

  reset(): void {
    this.isCut = true;
  }

  frame(world: World, dt: number): void {
    const { shot } = this;
    this.isCut ||= shot !== this.on;
    this.on = shot;
    if (shot.kind === "chase") this.follow(world, dt);
    else {
      if (shot.kind === "grid") this.grid(world);
      else if (shot.kind === "trackside") this.beside(world, shot);
      else if (shot.kind === "landmark") this.over(world, shot);
      this.film(dt);
    }
    this.isCut = false;
  }

  private follow(world: World, dt: number): void {
    if (this.isCut) this.chase.reset();
    this.chase.frame(world, dt);
  }

  private film(dt: number): void {
    // A hand turns the camera: it lags a little, but not across a cut.
    const lag = this.isCut ? 1 : 1 - Math.exp(-14 * dt);
    this.look.lerp(this.wanted, lag);
    const { camera } = this;
    const fov = this.isCut ? this.fov : damp(camera.fov, this.fov, 5, dt);
    camera.position.copy(this.eye);
    camera.lookAt(this.look);
    if (camera.fov !== fov || camera.view?.enabled) {
      camera.fov = fov;
      camera.clearViewOffset();
      camera.updateProjectionMatrix();
    }
    camera.updateMatrixWorld();
  }

  private get opening(): number {
    return this.camera.aspect < 1 ? TALL : 1;
  }

  /** Low before the kart while the lights count, coming nearer. */
  private grid(world: World): void {
    const { me, config } = world;
    const into = config.reducedMotion ? 0.5 : clamp(this.tape.now / this.tape.countdown, 0, 1);
    const yaw = headingAngle(me.hx, me.hy) + 0.75 - 0.45 * into;
    const far = 7.2 - 2.2 * into;
    this.eye.set(me.x + Math.cos(yaw) * far, me.h + 1.15, -(me.y + Math.sin(yaw) * far));
    this.wanted.set(me.x, me.h + LOOK_UP_M, -me.y);
    this.fov = GRID_FOV * this.opening;
  }

  /** From the verge, zooming so that the kart keeps its size. */
  private beside(world: World, shot: Trackside): void {
    const { me, config } = world;
    const [x, y, h] = shot.eye;
    this.eye.set(x, h, -y);
    this.wanted.set(me.x, me.h + LOOK_UP_M, -me.y);
    const far = Math.max(1, this.eye.distanceTo(this.wanted));
    const zoom = (2 * Math.atan(FRAMED_M / 2 / far) * 180) / Math.PI;
    this.fov = config.reducedMotion ? 36 : clamp(zoom, NARROWEST, WIDEST);
    this.fov *= this.opening;
  }

  /** From the air, on the side away from the landmark, so that both are in the picture. */
  private over(world: World, shot: Sight): void {
    const { me, config } = world;
    const since = (this.tape.now - shot.from - SIGHT / 2) / TICKS_PER_SECOND;
    const [x, y, h] = airEye(shot, [me.x, me.y, me.h], config.reducedMotion ? 0 : since);
    this.eye.set(x, h, -y);
    this.wanted.set(
      me.x + (shot.x - me.x) * AIR_SHARE,
      me.h + AIR_LOOK_UP_M,
      -(me.y + (shot.y - me.y) * AIR_SHARE),
    );
    this.fov = AIR_FOV * Math.sqrt(this.opening);
  }
}
