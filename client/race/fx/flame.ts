import { AdditiveBlending, Color, ConeGeometry, Mesh, ShaderMaterial, type Group } from "three";
import type { System, World } from "../core/world";
import { damp } from "../render/maths";

const PIPES = [-0.24, 0.24];
const TAIL_M = 1.12;

/** Exhaust flames: blue-white for nitro, amber for a mini-boost, a short one at full throttle. */
export class Flame implements System {
  readonly name = "flame";
  private readonly mesh: Mesh[] = [];
  private readonly material: ShaderMaterial;
  private power = 0;
  private readonly nitro = new Color("#5aa2ff");
  private readonly mini = new Color("#ff9a3c");

  constructor(kart: Group) {
    this.material = new ShaderMaterial({
      transparent: true,
      depthWrite: false,
      blending: AdditiveBlending,
      uniforms: { tint: { value: this.nitro.clone() }, time: { value: 0 } },
      vertexShader: /* glsl */ `
        varying float vTip;
        void main() {
          vTip = uv.y;
          gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
        }`,
      fragmentShader: /* glsl */ `
        uniform vec3 tint;
        uniform float time;
        varying float vTip;
        void main() {
          float body = pow(1.0 - vTip, 1.3);
          float flicker = 0.8 + 0.2 * sin(time * 60.0 + vTip * 14.0);
          vec3 colour = mix(tint, vec3(1.0, 0.97, 0.9), smoothstep(0.35, 0.0, vTip));
          gl_FragColor = vec4(colour * body * flicker, body);
        }`,
    });
    const cone = new ConeGeometry(0.15, 1, 9, 3, true);
    cone.translate(0, 0.5, 0);
    cone.rotateZ(Math.PI / 2);
    for (const side of PIPES) {
      const flame = new Mesh(cone, this.material);
      flame.position.set(-TAIL_M, 0.5, side);
      flame.renderOrder = 5;
      kart.add(flame);
      this.mesh.push(flame);
    }
  }

  frame(world: World, dt: number): void {
    const { me } = world;
    const wanted = me.nitro ? 1 : me.mini ? 0.7 : 0;
    this.power = damp(this.power, wanted, wanted > this.power ? 22 : 7, dt);
    const tint = this.material.uniforms["tint"]!.value as Color;
    if (me.nitro) tint.lerp(this.nitro, 0.3);
    else if (me.mini) tint.lerp(this.mini, 0.3);
    this.material.uniforms["time"]!.value = world.clock;
    const wave = 0.85 + 0.15 * Math.sin(world.clock * 71) + 0.1 * Math.sin(world.clock * 43);
    for (const flame of this.mesh) {
      flame.visible = this.power > 0.03;
      flame.scale.set(this.power * 1.7 * wave, 0.6 + this.power * 0.7, 0.6 + this.power * 0.7);
    }
  }
}
