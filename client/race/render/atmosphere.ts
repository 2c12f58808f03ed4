import { Color, ShaderChunk, Vector3 } from "three";
import type { SkyFacts, TrackFacts, WeatherFacts } from "../core/edition";

// What a clear afternoon gives; a place with less light has darker clouds and water.
const DAYLIGHT = 0.95;
// Mist swallows so much of a metre's sight where it is thickest.
const MIST_PER_M = 0.012;

/** The light of a place: where the sun (or the moon) stands and what colour the air is. */
export interface Air {
  sun: Vector3;
  facts: SkyFacts;
  light: TrackFacts["light"];
  weather: WeatherFacts;
  /** Share of daylight: 1 by day, little at night. */
  brightness: number;
}

/** Reads an edition's sky; its directions are in simulation axes. */
export function airOf(track: TrackFacts): Air {
  const [x, y, z] = track.light.direction;
  const mean = (v: [number, number, number]): number => (v[0] + v[1] + v[2]) / 3;
  const light = mean(track.light.sky) + 0.6 * mean(track.light.sun);
  return {
    sun: new Vector3(x, z, -y).normalize(),
    facts: track.sky,
    light: track.light,
    weather: track.weather,
    brightness: Math.min(1, light / DAYLIGHT),
  };
}

export const glsl = (v: Vector3 | Color): string =>
  `vec3(${v
    .toArray()
    .map((n) => n.toFixed(4))
    .join(", ")})`;

/** The colour of the air in a direction, shared by sky, fog and water so that they never part. */
export function airColour(air: Air): string {
  const srgb = (hex: string): string => glsl(new Color(hex).convertLinearToSRGB());
  const { top, middle, horizon, glow, fog } = air.facts;
  return /* glsl */ `
    vec3 airColour(vec3 dir) {
      float up = max(dir.y, 0.0);
      float sunward = max(dot(dir, ${glsl(air.sun)}), 0.0);
      vec3 sky = mix(${srgb(horizon)}, ${srgb(middle)}, smoothstep(0.01, 0.26, up));
      sky = mix(sky, ${srgb(top)}, smoothstep(0.16, 0.8, up));
      float low = 1.0 - smoothstep(0.0, 0.55, up);
      sky = mix(sky, ${srgb(glow)}, pow(sunward, 4.0) * (0.2 + 0.5 * low));
      return mix(sky, ${srgb(fog)}, smoothstep(0.02, -0.06, dir.y) * 0.8);
    }`;
}

/** Makes every fogged material fade into the air of its own direction. Call before any material compiles. */
export function installFog(air: Air): void {
  const near = air.facts["fog-near"] * 0.4;
  const far = air.facts["fog-far"];
  const { mist } = air.weather;
  const thin = air.weather["mist-top"] / Math.LN2;
  ShaderChunk.fog_pars_vertex = /* glsl */ `
    #ifdef USE_FOG
      varying vec3 vFogRay;
    #endif`;
  ShaderChunk.fog_vertex = /* glsl */ `
    #ifdef USE_FOG
      vFogRay = transpose(mat3(viewMatrix)) * mvPosition.xyz;
    #endif`;
  ShaderChunk.fog_pars_fragment = /* glsl */ `
    #ifdef USE_FOG
      varying vec3 vFogRay;
      ${airColour(air)}
    #endif`;
  ShaderChunk.fog_fragment = /* glsl */ `
    #ifdef USE_FOG
      float fogLength = length(vFogRay);
      float fogAmount = 0.94 * smoothstep(${near.toFixed(1)}, ${far.toFixed(1)}, fogLength);
      vec3 fogDir = vFogRay / max(fogLength, 0.001);
      ${mist > 0 ? mistDepth(mist * MIST_PER_M, thin) : ""}
      gl_FragColor.rgb = mix(gl_FragColor.rgb, airColour(vec3(fogDir.x, max(fogDir.y, 0.0), fogDir.z)), fogAmount);
    #endif`;
}

/** Mist that thins out upwards: its whole depth between the eye and what is seen. */
function mistDepth(perMetre: number, thin: number): string {
  const scale = thin.toFixed(2);
  return /* glsl */ `
      float mistClimb = vFogRay.y / ${scale};
      float mistShape = abs(mistClimb) > 0.01 ? (1.0 - exp(-mistClimb)) / mistClimb : 1.0;
      float mistDepth = ${perMetre.toFixed(5)} * exp(-max(cameraPosition.y, 0.0) / ${scale}) * fogLength * mistShape;
      fogAmount = 1.0 - (1.0 - fogAmount) * exp(-mistDepth);`;
}
