import { Mesh, PlaneGeometry, ShaderMaterial, type Scene } from "three";
import type { Pose } from "../core/pose";
import type { System, World } from "../core/world";
import type { Air } from "../render/atmosphere";
import { headingAngle } from "../render/maths";

const LIFT_M = 0.05;

/** A soft shadow: dark under the kart, and thrown a little away from the low sun. */
export class Shadow implements System {
  readonly name = "shadow";
  private readonly under: Mesh;
  private readonly thrown: Mesh;
  private readonly castX: number;
  private readonly castZ: number;

  constructor(scene: Scene, air: Air) {
    const flat = Math.hypot(air.sun.x, air.sun.z) || 1;
    this.castX = -air.sun.x / flat;
    this.castZ = -air.sun.z / flat;
    this.under = blob(2.5, 1.7, 0.5);
    this.thrown = blob(3.0, 1.4, 0.3);
    scene.add(this.thrown, this.under);
  }

  frame(world: World): void {
    const { me } = world;
    this.place(this.under, me, 0, headingAngle(me.hx, me.hy));
    this.place(this.thrown, me, 1.0, Math.atan2(-this.castZ, this.castX));
  }

  private place(mesh: Mesh, me: Pose, out: number, turn: number): void {
    mesh.position.set(me.x + this.castX * out, me.ground + LIFT_M, -me.y + this.castZ * out);
    mesh.rotation.set(0, turn, 0);
  }
}

function blob(length: number, width: number, dark: number): Mesh {
  const geometry = new PlaneGeometry(length, width).rotateX(-Math.PI / 2);
  const material = new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    polygonOffset: true,
    polygonOffsetFactor: -3,
    polygonOffsetUnits: -3,
    vertexShader: /* glsl */ `
      varying vec2 vUv;
      void main() {
        vUv = uv * 2.0 - 1.0;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
      }`,
    fragmentShader: /* glsl */ `
      varying vec2 vUv;
      void main() {
        float edge = length(pow(abs(vUv), vec2(2.4)));
        gl_FragColor = vec4(0.06, 0.06, 0.13, ${dark.toFixed(2)} * (1.0 - smoothstep(0.25, 1.0, edge)));
      }`,
  });
  const mesh = new Mesh(geometry, material);
  mesh.renderOrder = 2;
  mesh.frustumCulled = false;
  return mesh;
}
