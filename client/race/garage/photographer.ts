import { Box3, PerspectiveCamera, Scene, Sphere, Vector3, WebGLRenderer, type Object3D } from "three";
import type { CostumeFacts, KartFacts, CharacterFacts, Wears } from "../cast/facts";
import type { Wardrobe } from "../cast/wardrobe";
import { lightStudio } from "./light";

const FOV = 24;
/** Where the camera stands: an angle from straight ahead, and how far above, radians. */
const FRONT = { turn: -0.42, rise: 0.1 };
const KART = { turn: -0.75, rise: 0.3 };
/** Metres about a head that a portrait shows, and how far its middle is above the head's joint. */
const PORTRAIT_M = 0.43;
const PORTRAIT_UP_M = 0.2;

export interface Angle {
  turn: number;
  rise: number;
}

/** Takes pictures of people, karts and clothes, one after another, on one canvas. */
export class Photographer {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(FOV, 1, 0.05, 30);
  private readonly sphere = new Sphere();
  private queue: Promise<unknown> = Promise.resolve();
  /** Of the last picture, for whoever watches from outside. */
  triangles = 0;

  constructor(
    private readonly wardrobe: Wardrobe,
    private readonly size: number,
  ) {
    this.renderer = new WebGLRenderer({ antialias: true, alpha: true, preserveDrawingBuffer: true });
    this.renderer.setClearAlpha(0);
    this.renderer.setSize(size, size, false);
    lightStudio(this.scene, false);
  }

  portrait(person: CharacterFacts, onto: HTMLCanvasElement): Promise<void> {
    return this.next(async () => {
      const figure = await this.wardrobe.person(person.slug, person.wears ?? {});
      figure.hold("idle", 0.5);
      figure.root.getObjectByName("head")?.getWorldPosition(this.sphere.center);
      this.sphere.center.y += PORTRAIT_UP_M;
      this.sphere.radius = PORTRAIT_M;
      this.shoot(figure.root, FRONT, onto);
    });
  }

  person(slug: string, wears: Wears, onto: HTMLCanvasElement, angle: Angle = FRONT): Promise<void> {
    return this.next(async () => {
      const figure = await this.wardrobe.person(slug, wears);
      figure.hold("idle", 0.5);
      this.around(figure.root, 0.93);
      this.shoot(figure.root, angle, onto);
    });
  }

  piece(costume: CostumeFacts, way: string, onto: HTMLCanvasElement, angle: Angle = FRONT): Promise<void> {
    return this.next(async () => {
      const root = await this.wardrobe.piece(costume, way);
      root.updateMatrixWorld(true);
      this.around(root, 0.86);
      this.shoot(root, angle, onto);
    });
  }

  kart(kart: KartFacts, wears: Wears, onto: HTMLCanvasElement, angle: Angle = KART): Promise<void> {
    return this.next(async () => {
      const root = await this.wardrobe.kart(kart.slug, wears);
      this.around(root, 0.82);
      this.shoot(root, angle, onto);
    });
  }

  /** One at a time; a picture that fails does not stop the next. */
  private next(take: () => Promise<void>): Promise<void> {
    const taken = this.queue.then(take);
    this.queue = taken.catch(() => undefined);
    return taken;
  }

  private around(root: Object3D, tight: number): void {
    root.updateMatrixWorld(true);
    new Box3().setFromObject(root).getBoundingSphere(this.sphere);
    this.sphere.radius *= tight;
  }

  private shoot(root: Object3D, { turn, rise }: Angle, onto: HTMLCanvasElement): void {
    const { center, radius } = this.sphere;
    const far = radius / Math.sin((FOV * Math.PI) / 360);
    const way = new Vector3(Math.cos(turn) * Math.cos(rise), Math.sin(rise), Math.sin(turn) * Math.cos(rise));
    this.camera.position.copy(center).addScaledVector(way, far);
    this.camera.lookAt(center);
    this.scene.add(root);
    this.renderer.render(this.scene, this.camera);
    this.scene.remove(root);
    this.triangles = this.renderer.info.render.triangles;
    onto.width = onto.height = this.size;
    onto.getContext("2d")!.drawImage(this.renderer.domElement, 0, 0);
    onto.dataset["drawn"] = String(this.triangles);
  }
}
