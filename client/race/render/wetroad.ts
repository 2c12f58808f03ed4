import { type MeshBasicMaterial, type Vector3, type Vector4 } from "three";
import { airColour, type Air } from "./atmosphere";

/** So many lamps shine in the road at once. */
export const WET_LAMPS = 4;

/** The lamps that shine in the road: where, with a weight, and their colour. */
export interface WetLamps {
  at: Vector4[];
  colour: Vector3[];
}

const SHEEN_M = 120;

/** Makes what is level and painted look wet: puddles mirror the sky, lamps draw streaks in them. */
export function wetten(material: MeshBasicMaterial, air: Air, lamps: WetLamps): void {
  material.onBeforeCompile = (shader) => {
    shader.uniforms["wetAt"] = { value: lamps.at };
    shader.uniforms["wetColour"] = { value: lamps.colour };
    shader.vertexShader = shader.vertexShader
      .replace("void main() {", "varying vec3 vWet;\nvoid main() {")
      .replace(
        "#include <fog_vertex>",
        "#include <fog_vertex>\nvWet = (modelMatrix * vec4(transformed, 1.0)).xyz;",
      );
    shader.fragmentShader = shader.fragmentShader
      .replace("void main() {", `${declared(air)}\nvoid main() {`)
      .replace("#include <fog_fragment>", `${sheen(air.weather.wet)}\n#include <fog_fragment>`);
  };
}

function declared(air: Air): string {
  return /* glsl */ `
    varying vec3 vWet;
    uniform vec4 wetAt[${WET_LAMPS}];
    uniform vec3 wetColour[${WET_LAMPS}];
    #ifndef USE_FOG
      ${airColour(air)}
    #endif
    float wetHash(vec2 p) {
      vec3 q = fract(vec3(p.xyx) * 0.1031);
      q += dot(q, q.yzx + 33.33);
      return fract((q.x + q.y) * q.z);
    }
    float wetNoise(vec2 p) {
      vec2 i = floor(p);
      vec2 f = fract(p);
      f = f * f * (3.0 - 2.0 * f);
      return mix(mix(wetHash(i), wetHash(i + vec2(1.0, 0.0)), f.x),
                 mix(wetHash(i + vec2(0.0, 1.0)), wetHash(i + vec2(1.0, 1.0)), f.x), f.y);
    }`;
}

function sheen(wet: number): string {
  return /* glsl */ `
    vec3 wetFacet = normalize(cross(dFdx(vWet), dFdy(vWet)));
    vec3 wetRay = cameraPosition - vWet;
    float wetFar = length(wetRay);
    float wetness = ${wet.toFixed(3)} * smoothstep(0.93, 0.985, abs(wetFacet.y)) * (1.0 - smoothstep(${(SHEEN_M * 0.5).toFixed(1)}, ${SHEEN_M.toFixed(1)}, wetFar));
    if (wetness > 0.01) {
      wetRay /= wetFar;
      float puddle = smoothstep(0.25, 0.75, wetNoise(vWet.xz * 0.22));
      float grazing = pow(1.0 - clamp(wetRay.y, 0.0, 1.0), 3.0);
      vec3 bounce = vec3(-wetRay.x, wetRay.y, -wetRay.z);
      float mirror = wetness * grazing * (0.14 + 0.42 * puddle);
      gl_FragColor.rgb = mix(gl_FragColor.rgb * (1.0 - 0.18 * wetness), airColour(vec3(bounce.x, max(bounce.y, 0.04), bounce.z)), mirror);
      float rough = 0.8 + 0.4 * wetNoise(vWet.xz * 1.3);
      for (int i = 0; i < ${WET_LAMPS}; i++) {
        if (wetAt[i].w <= 0.0) continue;
        vec3 toLamp = normalize(wetAt[i].xyz - vWet);
        float aside = (bounce.x * toLamp.z - bounce.z * toLamp.x) * rough;
        float above = bounce.y - toLamp.y;
        float ahead = step(0.0, bounce.x * toLamp.x + bounce.z * toLamp.z);
        float faint = aside * aside * 700.0 + above * above * 9.0;
        // Most of the road is in no streak, and an exponential is dear without a graphics card.
        if (faint > 5.0) continue;
        float streak = ahead * exp(-faint);
        gl_FragColor.rgb += wetColour[i] * (streak * wetAt[i].w * wetness * (0.16 + 0.5 * puddle));
      }
    }`;
}
