import {
  AdditiveBlending,
  Color,
  ConeGeometry,
  Mesh,
  PlaneGeometry,
  ShaderMaterial,
  type Group,
} from "three";
import type { System, World } from "../core/world";
import { damp } from "../render/maths";

const PIPES = [-0.28, 0.28];
const TAIL_M = 0.98;
const HEIGHT_M = 0.36;

/** Exhaust flames and their glow: blue-white for nitro, amber for a mini-boost. */
export class Flame implements System {
  readonly name = "flame";
  private readonly flames: Mesh[] = [];
  private readonly glow: Mesh;
  private readonly uniforms = {
    tint: { value: new Color("#5aa2ff") },
    time: { value: 0 },
    power: { value: 0 },
  };
  private power = 0;
  private readonly nitro = new Color("#5aa2ff");
  private readonly mini = new Color("#ff9a3c");

  constructor(kart: Group) {
    const cone = new ConeGeometry(0.19, 1, 9, 3, true);
    cone.translate(0, 0.5, 0);
    cone.rotateZ(Math.PI / 2);
    const tongue = this.material(/* glsl */ `
      float body = pow(1.0 - vUv.y, 1.2);
      float flicker = 0.8 + 0.2 * sin(time * 60.0 + vUv.y * 14.0);
      vec3 colour = mix(tint, vec3(1.0, 0.97, 0.9), smoothstep(0.4, 0.0, vUv.y));
      gl_FragColor = vec4(colour * body * flicker, 1.0);`);
    for (const side of PIPES) {
      const flame = new Mesh(cone, tongue);
      flame.position.set(-TAIL_M, HEIGHT_M, side);
      flame.renderOrder = 5;
      kart.add(flame);
      this.flames.push(flame);
    }
    // The camera looks along the flames, so the glow around them carries the boost.
    const halo = this.material(/* glsl */ `
      float far = length(vUv * 2.0 - 1.0);
      float core = smoothstep(0.42, 0.0, far);
      float soft = smoothstep(1.0, 0.0, far);
      vec3 colour = mix(tint, vec3(1.0, 0.98, 0.92), core * 0.85);
      gl_FragColor = vec4(colour * (soft * soft * 0.75 + core * 0.6) * power, 1.0);`);
    this.glow = new Mesh(new PlaneGeometry(1, 1).rotateY(-Math.PI / 2), halo);
    this.glow.position.set(-TAIL_M - 0.25, HEIGHT_M, 0);
    this.glow.renderOrder = 6;
    kart.add(this.glow);
  }

  private material(body: string): ShaderMaterial {
    return new ShaderMaterial({
      transparent: true,
      depthWrite: false,
      blending: AdditiveBlending,
      uniforms: this.uniforms,
      vertexShader: /* glsl */ `
        varying vec2 vUv;
        void main() {
          vUv = uv;
          gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
        }`,
      fragmentShader: /* glsl */ `
        uniform vec3 tint;
        uniform float time;
        uniform float power;
        varying vec2 vUv;
        void main() {${body}
        }`,
    });
  }

  frame(world: World, dt: number): void {
    const { me } = world;
    const wanted = me.nitro ? 1 : me.mini ? 0.75 : 0;
    this.power = damp(this.power, wanted, wanted > this.power ? 22 : 6, dt);
    if (me.nitro) this.uniforms.tint.value.lerp(this.nitro, 0.3);
    else if (me.mini) this.uniforms.tint.value.lerp(this.mini, 0.3);
    this.uniforms.time.value = world.clock;
    this.uniforms.power.value = this.power;
    const wave = 0.85 + 0.15 * Math.sin(world.clock * 71) + 0.1 * Math.sin(world.clock * 43);
    const lit = this.power > 0.03;
    for (const flame of this.flames) {
      flame.visible = lit;
      flame.scale.set(this.power * 1.9 * wave, 0.6 + this.power * 0.7, 0.6 + this.power * 0.7);
    }
    this.glow.visible = lit;
    this.glow.scale.set(1, 0.9 + this.power * 1.1 * wave, 1.4 + this.power * 1.6 * wave);
  }
}
