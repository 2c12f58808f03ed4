import {
  AdditiveBlending,
  BufferAttribute,
  BufferGeometry,
  MeshBasicMaterial,
  Points,
  ShaderMaterial,
  Vector3,
  Vector4,
  type Object3D,
  type PerspectiveCamera,
  type Scene,
} from "three";
import type { System } from "../core/world";
import type { Air } from "./atmosphere";
import { wetten, WET_LAMPS, type WetLamps } from "./wetroad";

interface LampFacts {
  colour: [number, number, number];
  at: [number, number, number][];
}

interface Lamp {
  at: Vector3;
  colour: Vector3;
  gap: number;
}

const SEEN_M = 75;

/** The lamps an edition's builder wrote into the place's own file; none by day. */
function lampsOf(place: Object3D): Lamp[] {
  const told = place.getObjectByName("glow")?.userData["lamps"] as LampFacts[] | undefined;
  return (told ?? []).flatMap(({ colour, at }) =>
    at.map(([x, y, z]) => ({ at: new Vector3(x, z, -y), colour: new Vector3(...colour), gap: 0 })),
  );
}

/** Lamps at night: halos in the air, their pools on the ground, their reflections on a wet road. */
export class Lamplight implements System {
  readonly name = "lamplight";
  readonly painted = new MeshBasicMaterial({ vertexColors: true });
  readonly glow: ShaderMaterial;
  private readonly lamps: Lamp[];
  private readonly wet: WetLamps;

  constructor(
    scene: Scene,
    place: Object3D,
    air: Air,
    private readonly camera: PerspectiveCamera,
  ) {
    this.lamps = lampsOf(place);
    this.glow = poolMaterial(air);
    this.wet = {
      at: Array.from({ length: WET_LAMPS }, () => new Vector4()),
      colour: Array.from({ length: WET_LAMPS }, () => new Vector3()),
    };
    if (air.weather.wet > 0) wetten(this.painted, air, this.wet);
    if (this.lamps.length > 0) scene.add(halos(this.lamps, air));
  }

  /** The nearest lamps shine in the road; the farthest of them fades before another takes its place. */
  frame(): void {
    const eye = this.camera.position;
    for (const lamp of this.lamps) lamp.gap = lamp.at.distanceTo(eye);
    this.lamps.sort((a, b) => a.gap - b.gap);
    const limit = Math.min(SEEN_M, this.lamps[WET_LAMPS]?.gap ?? SEEN_M);
    this.wet.at.forEach((slot, i) => {
      const lamp = this.lamps[i];
      const weight = lamp ? Math.max(0, Math.min(1, (limit - lamp.gap) / 14)) : 0;
      slot.set(lamp?.at.x ?? 0, lamp?.at.y ?? 0, lamp?.at.z ?? 0, weight);
      if (lamp) this.wet.colour[i]!.copy(lamp.colour);
    });
  }
}

/** Light laid on the ground: added to it, and lost in the air like the ground itself. */
function poolMaterial(air: Air): ShaderMaterial {
  return new ShaderMaterial({
    vertexColors: true,
    transparent: true,
    depthWrite: false,
    blending: AdditiveBlending,
    polygonOffset: true,
    polygonOffsetFactor: -1,
    polygonOffsetUnits: -4,
    vertexShader: /* glsl */ `
      varying vec3 vLight;
      varying float vFar;
      void main() {
        vec4 view = modelViewMatrix * vec4(position, 1.0);
        vLight = color.rgb;
        vFar = -view.z;
        gl_Position = projectionMatrix * view;
      }`,
    fragmentShader: /* glsl */ `
      varying vec3 vLight;
      varying float vFar;
      void main() {
        float fade = 1.0 - smoothstep(${(air.facts["fog-near"] * 0.4).toFixed(1)}, ${air.facts["fog-far"].toFixed(1)}, vFar);
        gl_FragColor = vec4(vLight * fade, 1.0);
      }`,
  });
}

function halos(lamps: Lamp[], air: Air): Points {
  const geometry = new BufferGeometry();
  const flat = (pick: (lamp: Lamp) => Vector3): BufferAttribute =>
    new BufferAttribute(new Float32Array(lamps.flatMap((lamp) => pick(lamp).toArray())), 3);
  geometry.setAttribute(
    "position",
    flat((lamp) => lamp.at),
  );
  geometry.setAttribute(
    "tint",
    flat((lamp) => lamp.colour),
  );
  // Wet or misty air scatters more of a lamp's light about it.
  const haze = 0.22 + 0.3 * Math.max(air.weather.rain, air.weather.mist);
  const material = new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    blending: AdditiveBlending,
    vertexShader: /* glsl */ `
      attribute vec3 tint;
      varying vec3 vTint;
      void main() {
        vec4 view = modelViewMatrix * vec4(position, 1.0);
        float far = max(-view.z, 1.0);
        vTint = tint * smoothstep(2.0, 9.0, far) * (1.0 - smoothstep(120.0, 420.0, far));
        gl_Position = projectionMatrix * view;
        gl_PointSize = clamp(1900.0 / far, 3.0, 200.0);
      }`,
    fragmentShader: /* glsl */ `
      varying vec3 vTint;
      void main() {
        float out_ = length(gl_PointCoord - 0.5) * 2.0;
        float soft = max(1.0 - out_, 0.0);
        gl_FragColor = vec4(vTint * (soft * soft * ${haze.toFixed(3)}), 1.0);
      }`,
  });
  const points = new Points(geometry, material);
  points.frustumCulled = false;
  points.renderOrder = 4;
  return points;
}
