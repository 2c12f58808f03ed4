import {
  AdditiveBlending,
  BufferAttribute,
  BufferGeometry,
  Mesh,
  ShaderMaterial,
  type Scene,
} from "three";
import type { System, World } from "../core/world";
import { clamp, damp } from "../render/maths";

const LINES = 44;

/** Thin streaks that rush past the edge of the view with nitro. */
export class SpeedLines implements System {
  readonly name = "speed lines";
  private readonly mesh: Mesh;
  private readonly material: ShaderMaterial;
  private strength = 0;
  private travel = 0;

  constructor(scene: Scene) {
    const position = new Float32Array(LINES * 4 * 3);
    const seed = new Float32Array(LINES * 4 * 2);
    const index: number[] = [];
    for (let i = 0; i < LINES; i++) {
      const angle = (i * 2.39996) % (Math.PI * 2);
      for (let k = 0; k < 4; k++) {
        const v = i * 4 + k;
        position.set([k % 2 ? 1 : -1, k < 2 ? 0 : 1, 0], v * 3);
        seed.set([angle, (i * 0.618) % 1], v * 2);
      }
      index.push(i * 4, i * 4 + 1, i * 4 + 2, i * 4 + 2, i * 4 + 1, i * 4 + 3);
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(position, 3));
    geometry.setAttribute("seed", new BufferAttribute(seed, 2));
    geometry.setIndex(index);
    this.material = new ShaderMaterial({
      transparent: true,
      depthWrite: false,
      depthTest: false,
      side: 2,
      blending: AdditiveBlending,
      uniforms: { strength: { value: 0 }, travel: { value: 0 } },
      vertexShader: /* glsl */ `
        attribute vec2 seed;
        uniform float travel;
        varying float vFade;
        void main() {
          float near = fract(seed.y + travel * (0.8 + 0.4 * fract(seed.y * 7.0)));
          float radius = 2.4 + 2.6 * fract(seed.y * 13.0);
          float z = mix(-44.0, -1.5, near) - position.y * 5.5;
          vec2 out2 = vec2(cos(seed.x), sin(seed.x) * 0.8 + 0.1) * radius;
          vec2 side = vec2(-sin(seed.x), cos(seed.x)) * position.x * 0.012;
          vFade = near * (1.0 - position.y) ;
          gl_Position = projectionMatrix * vec4(out2 + side, z, 1.0);
        }`,
      fragmentShader: /* glsl */ `
        uniform float strength;
        varying float vFade;
        void main() {
          gl_FragColor = vec4(vec3(1.0, 0.97, 0.9) * vFade * strength * 0.6, 1.0);
        }`,
    });
    this.mesh = new Mesh(geometry, this.material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 20;
    scene.add(this.mesh);
  }

  frame(world: World, dt: number): void {
    const { me } = world;
    const wanted = world.config.reducedMotion
      ? 0
      : me.nitro
        ? 1
        : me.mini
          ? 0.5
          : 0.22 * clamp((me.speed - 36) / 12, 0, 1);
    this.strength = damp(this.strength, world.phase === "racing" ? wanted : 0, 5, dt);
    this.travel += dt * (0.4 + me.speed * 0.035);
    this.mesh.visible = this.strength > 0.02;
    this.material.uniforms["strength"]!.value = this.strength;
    this.material.uniforms["travel"]!.value = this.travel;
  }
}
