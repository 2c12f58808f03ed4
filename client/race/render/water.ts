import { ShaderMaterial, UniformsLib, UniformsUtils } from "three";
import type { System, World } from "../core/world";
import { airColour, type Air } from "./atmosphere";

/** River water: the sky's colour at a low angle, depth at a steep one, ripples and the sun's glitter. */
export class Water implements System {
  readonly name = "water";
  readonly material: ShaderMaterial;

  constructor(air: Air) {
    const sun = air.sun
      .toArray()
      .map((n) => n.toFixed(4))
      .join(", ");
    this.material = new ShaderMaterial({
      fog: true,
      uniforms: UniformsUtils.merge([UniformsLib.fog, { time: { value: 0 } }]),
      vertexShader: /* glsl */ `
        #include <fog_pars_vertex>
        varying vec3 vWorld;
        void main() {
          vec4 world = modelMatrix * vec4(position, 1.0);
          vWorld = world.xyz;
          vec4 mvPosition = viewMatrix * world;
          gl_Position = projectionMatrix * mvPosition;
          #include <fog_vertex>
        }`,
      fragmentShader: /* glsl */ `
        uniform float time;
        varying vec3 vWorld;
        #include <fog_pars_fragment>
        #ifndef USE_FOG
          ${airColour(air)}
        #endif
        float hash(vec2 p) {
          vec3 q = fract(vec3(p.xyx) * 0.1031);
          q += dot(q, q.yzx + 33.33);
          return fract((q.x + q.y) * q.z);
        }
        float noise(vec2 p) {
          vec2 i = floor(p);
          vec2 f = fract(p);
          f = f * f * (3.0 - 2.0 * f);
          return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
                     mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
        }
        void main() {
          vec2 p = vWorld.xz;
          float far = length(vWorld - cameraPosition);
          float fine = 1.0 - smoothstep(60.0, 420.0, far);
          float a = noise(p * vec2(0.11, 0.19) + vec2(time * 0.35, time * 0.2));
          float b = noise(p * vec2(0.31, 0.47) - vec2(time * 0.5, -time * 0.3));
          vec2 slope = (vec2(a, b) - 0.5) * (0.10 + 0.22 * fine);
          vec3 normal = normalize(vec3(slope.x, 1.0, slope.y));
          vec3 view = normalize(cameraPosition - vWorld);
          float facing = clamp(dot(normal, view), 0.0, 1.0);
          float mirror = 0.10 + 0.80 * pow(1.0 - facing, 3.2);
          vec3 bounce = reflect(-view, normal);
          vec3 sky = airColour(vec3(bounce.x, max(bounce.y, 0.03), bounce.z));
          vec3 deep = mix(vec3(0.11, 0.30, 0.38), vec3(0.20, 0.45, 0.49), a) * ${air.brightness.toFixed(3)};
          vec3 colour = mix(deep, sky, clamp(mirror, 0.0, 0.92));
          float band = smoothstep(0.62, 0.70, b * 0.6 + a * 0.5) * 0.10 * fine;
          colour += band * ${air.brightness.toFixed(3)};
          float glint = pow(max(dot(bounce, vec3(${sun})), 0.0), 24.0);
          vec2 cell = floor(p * 1.6);
          float twinkle = step(0.72, fract(hash(cell) + time * (0.15 + 0.3 * hash(cell + 7.0))));
          colour += vec3(1.0, 0.88, 0.62) * glint * (0.25 + 0.9 * twinkle * fine);
          gl_FragColor = vec4(colour, 1.0);
          #include <fog_fragment>
        }`,
    });
  }

  frame(world: World): void {
    this.material.uniforms["time"]!.value = world.clock;
  }
}
