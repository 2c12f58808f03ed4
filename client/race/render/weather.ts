import {
  DoubleSide,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  PlaneGeometry,
  ShaderMaterial,
  Vector3,
  type BufferGeometry,
  type PerspectiveCamera,
  type Scene,
} from "three";
import type { System, World } from "../core/world";
import { airColour, type Air } from "./atmosphere";

const DROPS = 2000;
const BANKS = 26;
// A calm picture for those who asked for less motion.
const CALM_SHARE = 0.3;
const LOW_SHARE = 0.5;
const LONGEST_STEP_S = 0.1;

/** Rain about the camera and banks of mist that drift over the land: one draw call each, none without. */
export class Weather implements System {
  readonly name = "weather";
  private readonly rain: Fall | null;
  private readonly mist: Fall | null;
  private readonly last = new Vector3();
  private readonly pace = new Vector3();
  private readonly share: number;
  private readonly calm: boolean;

  constructor(
    scene: Scene,
    private readonly camera: PerspectiveCamera,
    air: Air,
    reducedMotion: boolean,
  ) {
    const { rain, mist } = air.weather;
    this.calm = reducedMotion;
    this.share = reducedMotion ? CALM_SHARE : 1;
    this.rain = rain > 0 ? new Fall(scene, Math.round(DROPS * rain), rainMaterial(air), 5) : null;
    this.mist = mist > 0 ? new Fall(scene, BANKS, bankMaterial(air), 3) : null;
  }

  frame(world: World, dt: number): void {
    if (!this.rain && !this.mist) return;
    const eye = this.camera.position;
    if (dt > 0 && dt < LONGEST_STEP_S) {
      this.pace.copy(eye).sub(this.last).divideScalar(dt).clampLength(0, 60);
    }
    this.last.copy(eye);
    const detail = world.lowDetail ? LOW_SHARE : 1;
    this.rain?.frame(eye, this.pace, world.clock, this.share * detail);
    this.mist?.frame(eye, this.pace, this.calm ? 0 : world.clock, detail);
  }
}

/** Many quads that a shader strews about the eye, each by its own four numbers. */
class Fall {
  private readonly geometry: InstancedBufferGeometry;
  private readonly eye = { value: new Vector3() };
  private readonly pace = { value: new Vector3() };
  private readonly time = { value: 0 };

  constructor(
    scene: Scene,
    private readonly count: number,
    material: ShaderMaterial,
    renderOrder: number,
  ) {
    this.geometry = strewn(new PlaneGeometry(1, 1), count);
    Object.assign(material.uniforms, { eye: this.eye, pace: this.pace, time: this.time });
    const mesh = new Mesh(this.geometry, material);
    mesh.frustumCulled = false;
    mesh.renderOrder = renderOrder;
    scene.add(mesh);
  }

  frame(eye: Vector3, pace: Vector3, time: number, share: number): void {
    this.eye.value.copy(eye);
    this.pace.value.copy(pace);
    this.time.value = time;
    this.geometry.instanceCount = Math.round(this.count * share);
  }
}

function strewn(base: BufferGeometry, count: number): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry();
  geometry.index = base.index;
  geometry.setAttribute("position", base.getAttribute("position"));
  let state = 90_001;
  const seeds = Float32Array.from({ length: count * 4 }, () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  });
  geometry.setAttribute("seed", new InstancedBufferAttribute(seeds, 4));
  return geometry;
}

/** Streaks along the way a drop moves past the eye: long ones ahead at speed, upright at rest. */
function rainMaterial(air: Air): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    vertexShader: /* glsl */ `
      attribute vec4 seed;
      uniform vec3 eye;
      uniform vec3 pace;
      uniform float time;
      varying float vAlpha;
      void main() {
        vec3 room = vec3(26.0, 14.0, 26.0);
        vec3 fall = vec3(2.2, -12.0 - 5.0 * seed.w, 1.1);
        vec3 drop = mod(seed.xyz * room + fall * mod(time, 900.0) - eye, room) - room * 0.5 + eye;
        vec3 ray = drop - eye;
        float far = length(ray);
        vec3 trail = (fall - pace) * 0.03;
        vec3 side = normalize(cross(trail, ray)) * max(0.014, 0.0026 * far);
        vec3 place = drop + trail * position.y + side * position.x;
        vAlpha = (0.5 - position.y) * smoothstep(0.8, 2.6, far) * (1.0 - smoothstep(9.0, 13.0, far));
        gl_Position = projectionMatrix * viewMatrix * vec4(place, 1.0);
      }`,
    fragmentShader: /* glsl */ `
      varying float vAlpha;
      ${airColour(air)}
      void main() {
        vec3 pale = mix(airColour(vec3(0.0, 0.1, 1.0)), vec3(0.86, 0.9, 0.96), 0.7);
        gl_FragColor = vec4(pale, vAlpha);
      }`,
  });
}

/** Long soft banks, broken up by noise, that fade before the eye comes into them. */
function bankMaterial(air: Air): ShaderMaterial {
  const top = air.weather["mist-top"];
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    vertexShader: /* glsl */ `
      attribute vec4 seed;
      uniform vec3 eye;
      uniform float time;
      varying vec2 vPlace;
      varying vec3 vRay;
      varying float vAlpha;
      void main() {
        float room = 420.0;
        vec2 wind = vec2(2.6, 1.3) * (0.6 + 0.8 * seed.w);
        vec2 plan = mod(seed.xz * room + wind * mod(time, 3600.0) - eye.xz, room) - room * 0.5 + eye.xz;
        float level = ${top.toFixed(1)} * (0.15 + 0.9 * seed.y);
        vec2 ray = plan - eye.xz;
        float far = length(ray);
        vec2 across = vec2(-ray.y, ray.x) / max(far, 1.0);
        float wide = 60.0 + 70.0 * seed.w;
        vec3 place = vec3(plan + across * (position.x * wide), level + position.y * wide * 0.16).xzy;
        vPlace = position.xy * 2.0;
        vRay = place - eye;
        vAlpha = smoothstep(14.0, 60.0, far) * (1.0 - smoothstep(150.0, 205.0, far));
        gl_Position = projectionMatrix * viewMatrix * vec4(place, 1.0);
      }`,
    fragmentShader: /* glsl */ `
      varying vec2 vPlace;
      varying vec3 vRay;
      varying float vAlpha;
      ${airColour(air)}
      void main() {
        float wave = 0.5 + 0.5 * sin(vPlace.x * 5.0 + sin(vPlace.x * 11.0) * 0.7);
        float rim = 1.0 - smoothstep(0.2, 1.0, length(vec2(vPlace.x, vPlace.y * (1.1 + 0.7 * wave))));
        vec3 dir = normalize(vRay);
        vec3 pale = mix(airColour(vec3(dir.x, 0.03, dir.z)), vec3(1.0), 0.12 * ${air.brightness.toFixed(3)});
        gl_FragColor = vec4(pale, ${(0.75 * air.weather.mist).toFixed(3)} * vAlpha * rim * rim);
      }`,
  });
}
