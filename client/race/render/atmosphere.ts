import { Color, ShaderChunk, Vector3 } from "three";
import type { SkyFacts, TrackFacts } from "../core/edition";

/** The light of a place: where the sun stands and what colour the air is. */
export interface Air {
  sun: Vector3;
  facts: SkyFacts;
  light: TrackFacts["light"];
}

/** Reads an edition's sky; its directions are in simulation axes. */
export function airOf(track: TrackFacts): Air {
  const [x, y, z] = track.light.direction;
  return { sun: new Vector3(x, z, -y).normalize(), facts: track.sky, light: track.light };
}

const glsl = (v: Vector3 | Color): string =>
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
      gl_FragColor.rgb = mix(gl_FragColor.rgb, airColour(vec3(fogDir.x, max(fogDir.y, 0.0), fogDir.z)), fogAmount);
    #endif`;
}
