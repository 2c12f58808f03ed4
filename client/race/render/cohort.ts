import {
  Group,
  InstancedMesh,
  Mesh,
  MeshLambertMaterial,
  Object3D,
  type Material,
  type Scene,
} from "three";
import type { Pose } from "../core/pose";
import type { System, World } from "../core/world";
import { geometryOf, thinnedTo, trianglesOf, type Triangles } from "./bake";
import { shadowMaterial, shadowPlane } from "./fleet";
import type { KartParts, Wheel } from "./kartparts";
import { clamp, damp, headingAngle } from "./maths";

const NEAR = 2; // karts drawn whole
const NEAR_M = 26; // and no farther away than this
const BODY_TRIANGLES = 1_800;
const WHEEL_TRIANGLES = 130;
const FAR_TRIANGLES = 440;
const ROLL = 0.0055; // radians of body roll per m/s² of cornering
const SHADOW_LIFT_M = 0.05;
const STEER_TURN = 0.42;

interface Member {
  /** Body and driver as one mesh, with wheels that turn. */
  near: Group;
  wheels: { wheel: Wheel; mesh: Mesh }[];
  far: Mesh;
  roll: number;
  steer: number;
  rolled: number;
}

/** Rivals who are each somebody: one mesh far away, five when near, whatever they wear. */
export class Cohort implements System {
  readonly name = "fleet";
  private readonly members: Member[];
  private readonly shadow: InstancedMesh;
  private readonly under = new Object3D();

  /** `simple` false draws every kart whole, for measuring what the simpler ones save. */
  constructor(
    scene: Scene,
    crew: readonly KartParts[],
    private readonly simple = true,
  ) {
    const paint = new MeshLambertMaterial({ vertexColors: true });
    this.members = crew.map((parts) => member(parts, paint, simple));
    for (const { near, far } of this.members) scene.add(near, far);
    this.shadow = new InstancedMesh(shadowPlane(), shadowMaterial(), crew.length);
    this.shadow.renderOrder = 2;
    this.shadow.frustumCulled = false;
    scene.add(this.shadow);
  }

  reset(): void {
    for (const each of this.members) each.roll = each.steer = each.rolled = 0;
  }

  frame(world: World, dt: number): void {
    const { rivals, me } = world;
    const apart = rivals.map((pose) => Math.hypot(pose.x - me.x, pose.y - me.y));
    const order = [...apart.keys()].sort((a, b) => apart[a]! - apart[b]!);
    const whole = new Set(order.slice(0, NEAR).filter((kart) => apart[kart]! < NEAR_M));
    this.members.forEach((each, kart) => {
      const pose = rivals[kart];
      const near = pose !== undefined && (!this.simple || whole.has(kart));
      each.near.visible = near;
      each.far.visible = pose !== undefined && !near;
      if (!pose) return;
      if (dt > 0) move(each, pose, dt);
      stand(each, pose, near);
      this.under.position.set(pose.x, pose.ground + SHADOW_LIFT_M, -pose.y);
      this.under.rotation.set(0, headingAngle(pose.hx, pose.hy), Math.atan(pose.grade), "YXZ");
      this.under.updateMatrix();
      this.shadow.setMatrixAt(kart, this.under.matrix);
    });
    this.shadow.count = Math.min(rivals.length, this.members.length);
    this.shadow.instanceMatrix.needsUpdate = true;
  }
}

function move(each: Member, pose: Pose, dt: number): void {
  each.roll = damp(each.roll, clamp(pose.yaw * pose.speed * ROLL, -0.16, 0.16), 9, dt);
  each.steer = damp(each.steer, pose.steer, 14, dt);
  each.rolled += pose.speed * dt;
}

function stand(each: Member, pose: Pose, near: boolean): void {
  const turn = headingAngle(pose.hx, pose.hy);
  const climb = Math.atan(pose.grade);
  const shown = near ? each.near : each.far;
  shown.position.set(pose.x, pose.h, -pose.y);
  shown.rotation.set(each.roll, turn, climb, "YXZ");
  if (!near) return;
  for (const { wheel, mesh } of each.wheels) {
    const spin = -(each.rolled / wheel.radius) % (2 * Math.PI);
    mesh.rotation.set(0, wheel.front ? -each.steer * STEER_TURN : 0, spin, "YXZ");
  }
}

function member(parts: KartParts, paint: Material, simple: boolean): Member {
  const pivots = new Set(parts.wheels.map(({ pivot }) => pivot));
  const all = trianglesOf(parts.model, () => false);
  const body = trianglesOf(parts.model, (part) => pivots.has(part));
  const made = (triangles: Triangles, most: number): Mesh => {
    const kept = simple ? thinnedTo(triangles, most) : triangles;
    const mesh = new Mesh(geometryOf(kept, []), paint);
    mesh.frustumCulled = false;
    return mesh;
  };
  const near = new Group();
  near.add(made(body, BODY_TRIANGLES));
  const wheels = parts.wheels.map((wheel) => {
    const mesh = made(trianglesOf(wheel.pivot, () => false), WHEEL_TRIANGLES);
    mesh.position.copy(wheel.pivot.position);
    near.add(mesh);
    return { wheel, mesh };
  });
  const far = made(all, FAR_TRIANGLES);
  near.visible = far.visible = false;
  return { near, wheels, far, roll: 0, steer: 0, rolled: 0 };
}
