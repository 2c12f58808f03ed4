import {
  BackSide,
  IcosahedronGeometry,
  InstancedMesh,
  Matrix4,
  Mesh,
  Quaternion,
  ShaderMaterial,
  SphereGeometry,
  Vector3,
  type Scene,
} from "three";
import type { System, World } from "../core/world";
import { airColour, glsl, type Air } from "./atmosphere";

const DOME_M = 2000;
const CLOUDS = 13;

/** A painted dome with the sun, and slow toy clouds. */
export class Sky implements System {
  readonly name = "sky";
  private readonly dome: Mesh;
  private readonly clouds: InstancedMesh;

  constructor(
    scene: Scene,
    private readonly camera: { position: Vector3 },
    air: Air,
  ) {
    this.dome = new Mesh(new SphereGeometry(DOME_M, 24, 12), skyMaterial(air));
    this.dome.renderOrder = -10;
    this.dome.frustumCulled = false;
    this.clouds = makeClouds(air);
    scene.add(this.dome, this.clouds);
  }

  frame(world: World, dt: number): void {
    this.dome.position.copy(this.camera.position);
    this.clouds.rotation.y += dt * 0.0022;
    this.clouds.position.set(this.camera.position.x, 0, this.camera.position.z);
    void world;
  }
}

function skyMaterial(air: Air): ShaderMaterial {
  const { stars, moon } = air.weather;
  return new ShaderMaterial({
    side: BackSide,
    depthWrite: false,
    depthTest: false,
    vertexShader: /* glsl */ `
      varying vec3 vDir;
      void main() {
        vDir = position;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
      }`,
    fragmentShader: /* glsl */ `
      varying vec3 vDir;
      ${airColour(air)}
      void main() {
        vec3 dir = normalize(vDir);
        vec3 colour = airColour(dir);
        float sunward = dot(dir, ${glsl(air.sun)});
        ${stars > 0 ? starlight(stars) : ""}
        ${moon ? MOON : SUN}
        gl_FragColor = vec4(colour, 1.0);
      }`,
  });
}

const SUN = /* glsl */ `
        float disc = smoothstep(0.9982, 0.9988, sunward);
        float halo = pow(max(sunward, 0.0), 60.0) * 0.35;
        colour = mix(colour, vec3(1.0, 0.95, 0.82), clamp(disc + halo, 0.0, 1.0));`;

const MOON = /* glsl */ `
        float disc = smoothstep(0.99905, 0.9993, sunward);
        float halo = pow(max(sunward, 0.0), 240.0) * 0.3 + pow(max(sunward, 0.0), 24.0) * 0.12;
        colour = mix(colour, vec3(0.93, 0.95, 1.0), clamp(disc + halo, 0.0, 1.0));`;

/** Points of light in a lattice round the eye, more of them with a greater share. */
function starlight(share: number): string {
  return /* glsl */ `
        vec3 grid = dir * 90.0;
        vec3 cell = floor(grid);
        vec3 q = fract(cell * 0.1031);
        q += dot(q, q.yzx + 33.33);
        float chance = fract((q.x + q.y) * q.z);
        float spark = smoothstep(0.42, 0.0, length(fract(grid) - 0.5));
        float star = spark * step(${(1 - 0.05 * share).toFixed(4)}, chance) * smoothstep(0.04, 0.3, dir.y);
        colour += vec3(0.85, 0.9, 1.0) * star * (0.25 + 0.75 * fract(chance * 977.0));`;
}

/** A small repeatable stream of numbers, so that every race has the same sky. */
function stream(seed: number): () => number {
  let s = seed;
  return () => {
    s = (s * 16807) % 2147483647;
    return s / 2147483647;
  };
}

function makeClouds(air: Air): InstancedMesh {
  const random = stream(20261);
  const puffs: { at: Vector3; size: Vector3 }[] = [];
  const clouds = Math.round(CLOUDS * air.weather.clouds);
  for (let c = 0; c < clouds; c++) {
    const angle = (c / clouds) * Math.PI * 2 + random() * 0.35;
    const far = 950 + random() * 650;
    const height = 190 + random() * 300;
    const size = 30 + random() * 42;
    const count = 3 + Math.floor(random() * 4);
    for (let p = 0; p < count; p++) {
      const along = (p - (count - 1) / 2) * size * (0.7 + random() * 0.5);
      const swell = 1 - (0.75 * Math.abs(p - (count - 1) / 2)) / (count / 2);
      const fat = size * (0.3 + 0.85 * swell) * (0.7 + random() * 0.6);
      puffs.push({
        // Flat undersides: every puff stands on the same height.
        at: new Vector3(
          Math.cos(angle) * far - Math.sin(angle) * along,
          height + fat * 0.5,
          Math.sin(angle) * far + Math.cos(angle) * along,
        ),
        size: new Vector3(fat * 1.1, fat * 0.8, fat),
      });
    }
  }
  const material = new ShaderMaterial({
    vertexShader: /* glsl */ `
      varying vec3 vNormal;
      varying vec3 vDir;
      void main() {
        vec4 world = modelMatrix * instanceMatrix * vec4(position, 1.0);
        vNormal = normalize(mat3(modelMatrix) * mat3(instanceMatrix) * normal);
        vDir = world.xyz - cameraPosition;
        gl_Position = projectionMatrix * viewMatrix * world;
      }`,
    fragmentShader: /* glsl */ `
      varying vec3 vNormal;
      varying vec3 vDir;
      ${airColour(air)}
      void main() {
        vec3 dir = normalize(vDir);
        float lit = dot(normalize(vNormal), vec3(${air.sun
          .toArray()
          .map((n) => n.toFixed(4))
          .join(", ")})) * 0.5 + 0.5;
        float top = normalize(vNormal).y * 0.5 + 0.5;
        vec3 cloud = mix(vec3(0.77, 0.80, 0.88), vec3(1.0, 0.98, 0.94), clamp(0.55 * lit + 0.55 * top, 0.0, 1.0));
        cloud *= ${air.brightness.toFixed(3)};
        gl_FragColor = vec4(mix(cloud, airColour(dir), ${(0.32 + 0.4 * (1 - air.brightness)).toFixed(3)}), 1.0);
      }`,
  });
  const mesh = new InstancedMesh(new IcosahedronGeometry(1, 1), material, puffs.length);
  const matrix = new Matrix4();
  const turn = new Quaternion();
  puffs.forEach((puff, i) => {
    turn.setFromAxisAngle(new Vector3(0, 1, 0), Math.atan2(-puff.at.z, puff.at.x) + Math.PI / 2);
    mesh.setMatrixAt(i, matrix.compose(puff.at, turn, puff.size));
  });
  mesh.frustumCulled = false;
  mesh.renderOrder = -9;
  return mesh;
}
