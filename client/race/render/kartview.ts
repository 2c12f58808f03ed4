import { Group, Vector3, type Scene } from "three";
import { BUTTON_BRAKE, BUTTON_THROTTLE, CAP_BASE } from "../generated/sim.js";
import type { Pose } from "../core/pose";
import type { System, World } from "../core/world";
import { ghostMaterials, type KartParts } from "./kartparts";
import { clamp, damp, headingAngle } from "./maths";

const ROLL = 0.0055; // radians of body roll per m/s² of cornering
const HOP_S = 0.24;
const HOP_M = 0.2;
/** How far a wheel is turned at full lean (radians), and about which axis: as the clips' hands go. */
const WHEEL_TURN = (38 * Math.PI) / 180;
const WHEEL_AXIS = new Vector3(Math.sin((58 * Math.PI) / 180), -Math.cos((58 * Math.PI) / 180), 0);

/** One kart on the road: the body rolls and pitches, the wheels turn, the driver leans and looks. */
export class KartView implements System {
  readonly name: string;
  readonly root = new Group();
  private readonly tilt = new Group();
  private roll = 0;
  private pitch = 0;
  private steer = 0;
  private slide = 0;
  /** Metres rolled. */
  private rolled = 0;
  private speed = 0;
  private hop = 0;
  private glow = 0;
  /** What the ghost wears that was last asked for. */
  private dressed: unknown;

  constructor(
    scene: Scene,
    private parts: KartParts,
    private readonly of: "me" | "ghost",
    /** Who drives a ghost, asked for when it is first seen. */
    private readonly driverOf: ((outfit: unknown) => Promise<KartParts>) | null = null,
  ) {
    this.name = of === "me" ? "kart" : "ghost kart";
    this.tilt.add(parts.model);
    this.root.add(this.tilt);
    scene.add(this.root);
    if (of === "ghost") ghostMaterials(parts.model);
  }

  reset(world: World): void {
    this.roll = this.pitch = this.steer = this.slide = this.hop = 0;
    const { ghost } = world.race;
    if (!this.driverOf || !ghost || ghost.outfit === this.dressed) return;
    const outfit = (this.dressed = ghost.outfit);
    // Without its driver a ghost is a kart that drives by itself.
    void this.driverOf(outfit).then(
      (parts) => outfit === this.dressed && this.become(parts),
      () => undefined,
    );
  }

  private become(parts: KartParts): void {
    ghostMaterials(parts.model);
    this.tilt.remove(this.parts.model);
    this.tilt.add(parts.model);
    this.parts = parts;
  }

  frame(world: World, dt: number): void {
    const pose = this.of === "me" ? world.me : world.ghost;
    this.root.visible = pose !== null;
    if (!pose) return;
    if (this.of === "me" && world.events.some((e) => e.kind === "drift")) this.hop = HOP_S;
    if (this.of === "ghost") this.keepOutOfTheWay(pose, world.me);
    this.root.position.set(pose.x, pose.h, -pose.y);
    this.root.rotation.set(0, headingAngle(pose.hx, pose.hy), 0);
    if (dt > 0) this.move(pose, world, dt);
    this.pose();
    this.root.updateMatrixWorld();
  }

  private move(pose: Pose, world: World, dt: number): void {
    const { clock } = world;
    const acceleration = clamp((pose.speed - this.speed) / dt, -30, 40);
    this.speed = pose.speed;
    const cornering = pose.yaw * pose.speed;
    this.roll = damp(this.roll, clamp(cornering * ROLL, -0.16, 0.16), 9, dt);
    const squat = clamp(acceleration * 0.0035, -0.07, 0.1);
    this.pitch = damp(this.pitch, squat, 7, dt);
    this.steer = damp(this.steer, pose.steer, 14, dt);
    this.slide = damp(this.slide, pose.drift, 8, dt);
    this.rolled += pose.speed * dt;
    this.hop = Math.max(0, this.hop - dt);
    this.glow = damp(this.glow, pose.nitro || pose.mini || pose.swept ? 1 : 0, 10, dt);
    const rough = pose.offRoad ? 0.05 : 0.006;
    const shake = rough * Math.min(1, Math.abs(pose.speed) / 20);
    const idle = pose.speed < 2 && pose.buttons & BUTTON_THROTTLE ? 0.008 : 0.003;
    this.tilt.position.y = (shake + idle) * Math.sin(clock * 47) * 0.6 + this.hopHeight();
    this.tilt.rotation.z =
      this.pitch + Math.atan(pose.grade) + shake * 0.5 * Math.sin(clock * 39 + 1);
    this.tilt.rotation.x = this.roll + shake * Math.sin(clock * 31);
    const brake = pose.buttons & BUTTON_BRAKE ? 1 : 0;
    this.lean(pose, clock, brake);
    const { rider } = this.parts;
    rider?.frame(dt, this.steer * 0.8 - this.slide * 0.45, this.outcome(world));
  }

  private outcome(world: World): World["outcome"] {
    return this.of === "me" && world.phase === "finished" ? world.outcome : null;
  }

  private hopHeight(): number {
    const t = this.hop / HOP_S;
    return HOP_M * 4 * t * (1 - t);
  }

  private lean(pose: Pose, clock: number, brake: number): void {
    const { driver, head, scarf } = this.parts;
    const fast = clamp(pose.speed / CAP_BASE, 0, 1);
    if (driver) {
      driver.rotation.x = this.steer * 0.16 * (0.4 + fast) - this.slide * 0.2;
      driver.rotation.z = -0.05 * fast - this.glow * 0.14 + brake * 0.09;
    }
    if (scarf) {
      scarf.rotation.z = 0.75 * (1 - fast) - 0.12 * fast * Math.sin(clock * 21);
      scarf.rotation.y = 0.28 * fast * Math.sin(clock * 17) + this.steer * 0.3;
    }
    if (head) {
      head.rotation.y = -this.steer * 0.45 + this.slide * 0.35;
      head.rotation.x = -this.steer * 0.12 + this.slide * 0.1;
      head.position.y = this.parts.headY + Math.sin(clock * 43) * 0.006 * fast;
    }
  }

  private pose(): void {
    const { wheels, steering, rider } = this.parts;
    for (const wheel of wheels) {
      wheel.pivot.rotation.set(0, wheel.front ? -this.steer * 0.42 + this.slide * -0.2 : 0, 0);
      wheel.spin.rotation.z = -(this.rolled / wheel.radius) % (2 * Math.PI);
    }
    if (steering && rider) steering.quaternion.setFromAxisAngle(WHEEL_AXIS, WHEEL_TURN * rider.lean);
    else if (steering) steering.rotation.x = this.steer * 0.9;
  }

  /** A ghost right in front of the camera would hide the road. */
  private keepOutOfTheWay(ghost: Pose, me: Pose): void {
    const apart = Math.hypot(ghost.x - me.x, ghost.y - me.y);
    this.parts.fade(0.16 + 0.36 * clamp((apart - 1) / 6, 0, 1));
  }
}
