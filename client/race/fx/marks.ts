import {
  BufferAttribute,
  BufferGeometry,
  DynamicDrawUsage,
  Mesh,
  ShaderMaterial,
  type Scene,
} from "three";
import type { System, World } from "../core/world";

const SEGMENTS = 220; // for each rear wheel
const SPACING_M = 0.55;
const HALF_WIDTH_M = 0.13;
const REAR_M = 0.72;
const TRACK_M = 0.62;
const LIFE_S = 9;
const LIFT_M = 0.035;

/** Tyre marks: one ring of quads that old ones leave as new ones come. */
export class TyreMarks implements System {
  readonly name = "tyre marks";
  private readonly position: BufferAttribute;
  private readonly born: BufferAttribute;
  private readonly material: ShaderMaterial;
  private readonly mesh: Mesh;
  private next = 0;
  private last: Float64Array | null = null;

  constructor(scene: Scene) {
    const geometry = new BufferGeometry();
    const corners = SEGMENTS * 2 * 4;
    this.position = new BufferAttribute(new Float32Array(corners * 3), 3).setUsage(
      DynamicDrawUsage,
    );
    this.born = new BufferAttribute(new Float32Array(corners).fill(-1e3), 1).setUsage(
      DynamicDrawUsage,
    );
    const index: number[] = [];
    for (let q = 0; q < SEGMENTS * 2; q++) {
      const v = q * 4;
      index.push(v, v + 1, v + 2, v + 2, v + 1, v + 3);
    }
    geometry.setAttribute("position", this.position);
    geometry.setAttribute("born", this.born);
    geometry.setIndex(index);
    this.material = new ShaderMaterial({
      transparent: true,
      depthWrite: false,
      polygonOffset: true,
      polygonOffsetFactor: -2,
      polygonOffsetUnits: -2,
      side: 2,
      uniforms: { now: { value: 0 } },
      vertexShader: /* glsl */ `
        attribute float born;
        uniform float now;
        varying float vAlpha;
        void main() {
          vAlpha = 0.36 * clamp(1.0 - (now - born) / ${LIFE_S.toFixed(1)}, 0.0, 1.0);
          gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
        }`,
      fragmentShader: /* glsl */ `
        varying float vAlpha;
        void main() {
          if (vAlpha < 0.01) discard;
          gl_FragColor = vec4(0.09, 0.08, 0.09, vAlpha);
        }`,
    });
    this.mesh = new Mesh(geometry, this.material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 1;
    scene.add(this.mesh);
  }

  reset(): void {
    this.born.array.fill(-1e3);
    this.born.needsUpdate = true;
    this.last = null;
  }

  frame(world: World): void {
    this.material.uniforms["now"]!.value = world.clock;
    const { me } = world;
    const marking = (me.drift !== 0 || Math.abs(me.slip) > 0.2) && me.speed > 6 && !me.offRoad && me.air === 0;
    if (!marking) {
      this.last = null;
      return;
    }
    const now = new Float64Array([me.x, me.y, me.hx, me.hy, me.h]);
    if (!this.last) {
      this.last = now;
      return;
    }
    if (Math.hypot(now[0]! - this.last[0]!, now[1]! - this.last[1]!) < SPACING_M) return;
    for (const side of [-1, 1]) this.quad(this.last, now, side, world.clock);
    this.last = now;
  }

  private quad(from: Float64Array, to: Float64Array, side: number, clock: number): void {
    const first = this.next * 4;
    this.next = (this.next + 1) % (SEGMENTS * 2);
    const corner = (k: number, p: Float64Array, edge: number): void => {
      const out = side * TRACK_M + edge * HALF_WIDTH_M;
      const x = p[0]! - p[2]! * REAR_M - p[3]! * out;
      const y = p[1]! - p[3]! * REAR_M + p[2]! * out;
      this.position.setXYZ(first + k, x, p[4]! + LIFT_M, -y);
      this.born.setX(first + k, clock);
    };
    corner(0, from, -1);
    corner(1, from, 1);
    corner(2, to, -1);
    corner(3, to, 1);
    this.position.addUpdateRange(first * 3, 12);
    this.born.addUpdateRange(first, 4);
    this.position.needsUpdate = true;
    this.born.needsUpdate = true;
  }
}
