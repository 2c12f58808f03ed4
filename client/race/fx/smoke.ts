import {
  Color,
  IcosahedronGeometry,
  MeshBasicMaterial,
  ShaderMaterial,
  TetrahedronGeometry,
  Vector3,
  type Scene,
} from "three";
import { KART_RADIUS } from "../generated/sim.js";
import type { System, World } from "../core/world";
import { BitPool } from "./pool";

const PUFFS_PER_S = 40;
const REAR_M = 0.85;

/** Drift smoke, dust off the road, and sparks off the walls. */
export class Smoke implements System {
  readonly name = "smoke";
  private readonly puffs: BitPool;
  private readonly sparks: BitPool;
  private owed = 0;
  private side = 1;
  private readonly at = new Vector3();
  private readonly drive = new Vector3();
  private readonly white = new Color("#f4f1ea");
  private readonly ready = new Color("#a9ccff");
  private readonly dust = new Color("#d8c9a6");
  private readonly spark = new Color("#ffd27a");
  private readonly flame = new Color("#9fc4ff");

  constructor(scene: Scene) {
    this.puffs = new BitPool(scene, new IcosahedronGeometry(1, 1), cotton(), 72, -0.6);
    const hot = new MeshBasicMaterial({ fog: false });
    this.sparks = new BitPool(scene, new TetrahedronGeometry(1), hot, 40, 9);
  }

  reset(): void {
    this.puffs.clear();
    this.sparks.clear();
  }

  frame(world: World, dt: number): void {
    this.puffs.frame(dt);
    this.sparks.frame(dt);
    if (dt === 0) return;
    const { me } = world;
    const sliding = Math.abs(me.slip) > 0.16 && me.speed > 8;
    const smoking = (me.drift !== 0 || sliding) && me.air === 0;
    const dusty = me.offRoad && Math.abs(me.speed) > 5;
    if (smoking || dusty) {
      this.owed += dt * PUFFS_PER_S * (world.lowDetail ? 0.5 : 1);
      while (this.owed >= 1) {
        this.owed--;
        this.puff(world, dusty);
      }
    }
    for (const event of world.events) {
      if (event.kind === "wall") this.burst(world, Math.min(14, 4 + event.speed), this.spark);
      if (event.kind === "land") for (let i = 0; i < 10; i++) this.puff(world, true);
      if (event.kind === "mini" || event.kind === "nitro" || event.kind === "pad") this.burst(world, 12, this.flame);
    }
  }

  private rear(world: World, side: number): Vector3 {
    const { me } = world;
    const x = me.x - me.hx * REAR_M - me.hy * side * 0.62;
    const y = me.y - me.hy * REAR_M + me.hx * side * 0.62;
    return this.at.set(x, me.h + 0.12, -y);
  }

  private puff(world: World, dusty: boolean): void {
    const { me } = world;
    this.side = -this.side;
    const jitter = Math.random() - 0.5;
    this.drive.set(
      me.hx * me.speed * 0.22 - me.hy * (me.drift * 1.6 + jitter * 2),
      0.9 + Math.random() * 1.1,
      -(me.hy * me.speed * 0.22 + me.hx * (me.drift * 1.6 + jitter * 2)),
    );
    const colour = dusty ? this.dust : me.charge >= 1 ? this.ready : this.white;
    const grow = (dusty ? 0.2 : 0.34) + Math.random() * 0.22;
    this.puffs.emit(
      this.rear(world, this.side),
      this.drive,
      0.1,
      grow,
      0.4 + Math.random() * 0.35,
      colour,
    );
  }

  private burst(world: World, count: number, colour: Color): void {
    const { me } = world;
    const side = colour === this.spark ? Math.sign(me.lateral) : 0;
    for (let i = 0; i < count; i++) {
      this.at.set(
        me.x - me.hy * side * KART_RADIUS,
        me.h + 0.35,
        -(me.y + me.hx * side * KART_RADIUS),
      );
      if (side === 0) this.rear(world, i % 2 ? 1 : -1);
      this.drive.set(
        me.hx * me.speed * 0.5 + (Math.random() - 0.5) * 7,
        1.5 + Math.random() * 4,
        -me.hy * me.speed * 0.5 + (Math.random() - 0.5) * 7,
      );
      this.sparks.emit(this.at, this.drive, 0.07, 0.05, 0.25 + Math.random() * 0.3, colour);
    }
  }
}

/** Puffs of cotton wool: lit from above, a little see-through, thinner at their edge. */
function cotton(): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    vertexShader: /* glsl */ `
      varying vec3 vColour;
      varying float vLight;
      varying float vEdge;
      varying float vNear;
      void main() {
        vec4 view = modelViewMatrix * instanceMatrix * vec4(position, 1.0);
        vec3 facing = normalize(mat3(modelViewMatrix) * mat3(instanceMatrix) * normal);
        vEdge = clamp(dot(facing, normalize(-view.xyz)), 0.0, 1.0);
        vNear = smoothstep(1.6, 4.6, -view.z);
        vLight = 0.84 + 0.16 * facing.y;
        vColour = instanceColor;
        gl_Position = projectionMatrix * view;
      }`,
    fragmentShader: /* glsl */ `
      varying vec3 vColour;
      varying float vLight;
      varying float vEdge;
      varying float vNear;
      void main() {
        vec3 srgb = pow(vColour, vec3(0.4545));
        gl_FragColor = vec4(srgb * vLight, 0.62 * vNear * smoothstep(0.0, 0.55, vEdge));
      }`,
  });
}
