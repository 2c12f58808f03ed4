import { Fog, Mesh, PerspectiveCamera, Scene, WebGLRenderer, type Material } from "three";
import { fetchBytes } from "../cast/wardrobe";
import { findCourse, type EditionFile } from "../core/edition";
import { Track } from "../core/track";
import type { World } from "../core/world";
import { airOf, installFog } from "../render/atmosphere";
import { Lamplight } from "../render/lamplight";
import { addScenery, readModel } from "../render/scenery";
import { Sky } from "../render/sky";
import { Water } from "../render/water";

const WIDTH = 640;
const HEIGHT = 360;
const FOV = 50;
const BEHIND_M = 16;
const ABOVE_M = 6.5;
const AHEAD_M = 34;
const FIRST = 0.015; // of the lap: just past the line

export interface Shot {
  picture: HTMLCanvasElement;
  triangles: number;
}

/** Photographs courses from above the road, in their own light. */
export class PlaceCamera {
  private renderer: WebGLRenderer | null = null;

  constructor(
    private readonly edition: EditionFile,
    private readonly base: string,
  ) {}

  /** `views` pictures, evenly round the lap. */
  async shoot(slug: string, views: number): Promise<Shot[]> {
    const course = findCourse(this.edition, slug, this.base);
    const [table, scenery] = await Promise.all([
      fetchBytes(course.tableUrl),
      fetchBytes(course.sceneryUrl),
    ]);
    const track = Track.fromBytes(table, course.facts.id);
    const place = await readModel(scenery);
    const air = airOf(course.facts);
    installFog(air);
    const scene = new Scene();
    scene.fog = new Fog(air.facts.fog, 1, 1000);
    const camera = new PerspectiveCamera(FOV, WIDTH / HEIGHT, 0.3, 2600);
    const water = new Water(air);
    const lamps = new Lamplight(scene, place, air, camera);
    const { painted, glow } = lamps;
    addScenery(scene, place, { painted, glow, water: water.material });
    const systems = [new Sky(scene, camera, air), water, lamps];
    const still = { clock: 4, lowDetail: false } as World;
    const shots = Array.from({ length: views }, (_, k) => {
      stand(camera, track, ((k / views + FIRST) % 1) * track.n);
      for (const system of systems) system.frame(still, 0);
      return this.take(scene, camera);
    });
    discard(scene);
    return shots;
  }

  private take(scene: Scene, camera: PerspectiveCamera): Shot {
    this.renderer ??= new WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
    const { renderer } = this;
    renderer.setSize(WIDTH, HEIGHT, false);
    renderer.render(scene, camera);
    const picture = document.createElement("canvas");
    picture.width = WIDTH;
    picture.height = HEIGHT;
    picture.getContext("2d")!.drawImage(renderer.domElement, 0, 0);
    return { picture, triangles: renderer.info.render.triangles };
  }
}

function stand(camera: PerspectiveCamera, track: Track, along: number): void {
  const road = track.point(along);
  const ahead = track.point(along + AHEAD_M / track.ds);
  camera.position.set(road.x - road.tx * BEHIND_M, road.h + ABOVE_M, -(road.y - road.ty * BEHIND_M));
  camera.lookAt(ahead.x, ahead.h + 1.5, -ahead.y);
  camera.updateMatrixWorld();
}

/** The next place needs the memory. */
function discard(scene: Scene): void {
  scene.traverse((object) => {
    if (!(object instanceof Mesh)) return;
    object.geometry.dispose();
    for (const material of [object.material].flat() as Material[]) material.dispose();
  });
}
