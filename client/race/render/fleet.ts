import {
  Color,
  DynamicDrawUsage,
  Euler,
  InstancedBufferAttribute,
  InstancedMesh,
  Matrix4,
  MeshLambertMaterial,
  PlaneGeometry,
  Quaternion,
  ShaderMaterial,
  Vector3,
  type BufferGeometry,
  type Material,
  type Scene,
} from "three";
import { MOST_RIVALS } from "../core/rivals";
import type { Pose } from "../core/pose";
import type { System, World } from "../core/world";
import { geometryOf, mainColours, thinnedTo, trianglesOf, type Triangles } from "./bake";
import type { KartParts, Wheel } from "./kartparts";
import { clamp, damp, headingAngle } from "./maths";

/** Liveries of the rivals, apart from the player's and from each other, for colour-blind eyes too. */
export const LIVERIES = [
  "#e8b21c",
  "#c8371f",
  "#4a7fe0",
  "#f2ead6",
  "#8a4fb0",
  "#ef7d2d",
  "#1f2430",
] as const;

/** Their second colours. */
const TRIMS = ["#3b4a6b", "#e9dcc0", "#8f2d2a", "#2f6e63", "#d9a43a", "#35506e", "#c96f8c"];

const NEAR = 2; // karts whose wheels turn
const NEAR_M = 24; // and no farther away than this
const BODY_TRIANGLES = 1600;
const WHEEL_TRIANGLES = 130;
const FAR_TRIANGLES = 360;
const ROLL = 0.0055; // radians of body roll per m/s² of cornering
const SHADOW_LIFT_M = 0.05;

interface Moving {
  roll: number;
  steer: number;
  rolled: number;
}

/** All rivals in a handful of draw calls: the nearest with turning wheels, the others simpler. */
export class Fleet implements System {
  readonly name = "fleet";
  private readonly body: InstancedMesh;
  private readonly far: InstancedMesh;
  private readonly shadow: InstancedMesh;
  private readonly wheels: { wheel: Wheel; mesh: InstancedMesh }[];
  private readonly moving: Moving[] = [];
  private readonly paints = LIVERIES.map((hex) => new Color(hex));
  private readonly trims = TRIMS.map((hex) => new Color(hex));
  private readonly kart = new Matrix4();
  private readonly part = new Matrix4();
  private readonly turn = new Quaternion();
  private readonly euler = new Euler();
  private readonly place = new Vector3();
  private readonly unit = new Vector3(1, 1, 1);

  /** `simple` false draws every kart whole, for measuring what the simpler ones save. */
  constructor(
    scene: Scene,
    parts: KartParts,
    private readonly simple = true,
  ) {
    const most = simple ? NEAR : MOST_RIVALS;
    const material = liveried();
    const pivots = new Set(parts.wheels.map((wheel) => wheel.pivot));
    const whole = trianglesOf(parts.model, () => false);
    const mains = mainColours(whole);
    const add = (triangles: Triangles, count: number): InstancedMesh => {
      const mesh = instanced(geometryOf(triangles, mains), material, count);
      scene.add(mesh);
      return mesh;
    };
    const thin = (triangles: Triangles, bound: number): Triangles =>
      simple ? thinnedTo(triangles, bound) : triangles;
    const body = trianglesOf(parts.model, (part) => pivots.has(part));
    this.body = add(thin(body, BODY_TRIANGLES), most);
    this.wheels = parts.wheels.map((wheel) => {
      const whole = trianglesOf(wheel.pivot, () => false);
      return { wheel, mesh: add(thin(whole, WHEEL_TRIANGLES), most) };
    });
    this.far = add(thinnedTo(whole, FAR_TRIANGLES), MOST_RIVALS);
    this.shadow = instanced(shadowPlane(), shadowMaterial(), MOST_RIVALS);
    this.shadow.renderOrder = 2;
    scene.add(this.shadow);
  }

  reset(world: World): void {
    this.moving.length = 0;
    for (let k = 0; k < world.rivals.length; k++)
      this.moving.push({ roll: 0, steer: 0, rolled: 0 });
  }

  frame(world: World, dt: number): void {
    const { rivals, me } = world;
    const byDistance = rivals
      .map((pose, kart) => ({ kart, apart: Math.hypot(pose.x - me.x, pose.y - me.y) }))
      .sort((a, b) => a.apart - b.apart);
    let near = 0;
    let far = 0;
    byDistance.forEach(({ kart, apart }, slot) => {
      const pose = rivals[kart]!;
      const moving = this.moving[kart];
      if (!moving) return;
      this.move(pose, moving, dt);
      this.stand(pose, moving);
      this.shadow.setMatrixAt(slot, this.shadowMatrix(pose));
      const close = !this.simple || (near < NEAR && apart < NEAR_M);
      if (close) this.drawNear(near++, kart, moving);
      else this.drawFar(far++, kart);
    });
    this.finish(this.body, near);
    for (const { mesh } of this.wheels) this.finish(mesh, near);
    this.finish(this.far, far);
    this.finish(this.shadow, byDistance.length);
  }

  private move(pose: Pose, moving: Moving, dt: number): void {
    if (dt <= 0) return;
    const roll = clamp(pose.yaw * pose.speed * ROLL, -0.16, 0.16);
    moving.roll = damp(moving.roll, roll, 9, dt);
    moving.steer = damp(moving.steer, pose.steer, 14, dt);
    moving.rolled += pose.speed * dt;
  }

  private stand(pose: Pose, moving: Moving): void {
    this.euler.set(moving.roll, headingAngle(pose.hx, pose.hy), Math.atan(pose.grade), "YXZ");
    this.turn.setFromEuler(this.euler);
    this.kart.compose(this.place.set(pose.x, pose.h, -pose.y), this.turn, this.unit);
  }

  private shadowMatrix(pose: Pose): Matrix4 {
    this.euler.set(0, headingAngle(pose.hx, pose.hy), Math.atan(pose.grade), "YXZ");
    this.turn.setFromEuler(this.euler);
    this.place.set(pose.x, pose.ground + SHADOW_LIFT_M, -pose.y);
    return this.part.compose(this.place, this.turn, this.unit);
  }

  private drawNear(slot: number, kart: number, moving: Moving): void {
    this.body.setMatrixAt(slot, this.kart);
    this.paint(this.body, slot, kart);
    for (const { wheel, mesh } of this.wheels) {
      const spin = -(moving.rolled / wheel.radius) % (2 * Math.PI);
      this.euler.set(0, wheel.front ? -moving.steer * 0.42 : 0, spin, "YXZ");
      this.turn.setFromEuler(this.euler);
      this.part.compose(wheel.pivot.position, this.turn, this.unit);
      mesh.setMatrixAt(slot, this.part.premultiply(this.kart));
      this.paint(mesh, slot, kart);
    }
  }

  private drawFar(slot: number, kart: number): void {
    this.far.setMatrixAt(slot, this.kart);
    this.paint(this.far, slot, kart);
  }

  private paint(mesh: InstancedMesh, slot: number, kart: number): void {
    const paint = this.paints[kart % this.paints.length]!;
    const trim = this.trims[kart % this.trims.length]!;
    mesh.geometry.getAttribute("paint").setXYZ(slot, paint.r, paint.g, paint.b);
    mesh.geometry.getAttribute("trim").setXYZ(slot, trim.r, trim.g, trim.b);
  }

  private finish(mesh: InstancedMesh, count: number): void {
    mesh.count = count;
    mesh.visible = count > 0;
    if (count === 0) return;
    mesh.instanceMatrix.needsUpdate = true;
    mesh.geometry.getAttribute("paint").needsUpdate = true;
    mesh.geometry.getAttribute("trim").needsUpdate = true;
  }
}

function instanced(geometry: BufferGeometry, material: Material, most: number): InstancedMesh {
  for (const name of ["paint", "trim"])
    geometry.setAttribute(name, new InstancedBufferAttribute(new Float32Array(3 * most), 3));
  const mesh = new InstancedMesh(geometry, material, most);
  mesh.instanceMatrix.setUsage(DynamicDrawUsage);
  mesh.frustumCulled = false;
  mesh.count = 0;
  mesh.visible = false;
  return mesh;
}

/** Lit like the player's kart; what is livery takes each instance's paint. */
function liveried(): Material {
  const material = new MeshLambertMaterial({ vertexColors: true });
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace("#include <common>", `attribute vec3 paint;
attribute vec3 trim;
attribute vec2 livery;
#include <common>`)
      .replace(
        "#include <color_vertex>",
        `#include <color_vertex>
vColor.rgb = mix(vColor.rgb, paint * livery.x, step(0.001, livery.x));
vColor.rgb = mix(vColor.rgb, trim * livery.y, step(0.001, livery.y));`,
      );
  };
  return material;
}

export const shadowPlane = (): BufferGeometry => new PlaneGeometry(2.7, 1.8).rotateX(-Math.PI / 2);

export function shadowMaterial(): Material {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    polygonOffset: true,
    polygonOffsetFactor: -3,
    polygonOffsetUnits: -3,
    vertexShader: /* glsl */ `
      varying vec2 vUv;
      void main() {
        vUv = uv * 2.0 - 1.0;
        gl_Position = projectionMatrix * modelViewMatrix * instanceMatrix * vec4(position, 1.0);
      }`,
    fragmentShader: /* glsl */ `
      varying vec2 vUv;
      void main() {
        float edge = length(pow(abs(vUv), vec2(2.4)));
        gl_FragColor = vec4(0.06, 0.06, 0.13, 0.5 * (1.0 - smoothstep(0.25, 1.0, edge)));
      }`,
  });
}
