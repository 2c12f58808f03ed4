import {
  CircleGeometry,
  Group,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  PerspectiveCamera,
  RingGeometry,
  Scene,
  ShadowMaterial,
  Vector3,
  VSMShadowMap,
  WebGLRenderer,
  type Object3D,
} from "three";
import type { Slot } from "../cast/facts";
import type { Figure } from "../cast/figure";
import { damp } from "../render/maths";
import { lightStudio } from "./light";

export type Part = Slot | "character" | "cart";

interface View {
  /** Height looked at, shares of the figure's height or metres of the kart. */
  height: number;
  /** Metres that fill the height of the window, for the common body. */
  span: number;
}

const FOV = 26;
const VIEWS: Record<Part, View> = {
  character: { height: 0.5, span: 2.35 },
  cart: { height: 0.4, span: 3 },
  kart: { height: 0.4, span: 3 },
  head: { height: 0.8, span: 1.15 },
  face: { height: 0.78, span: 1.0 },
  body: { height: 0.47, span: 2.1 },
  hands: { height: 0.42, span: 1.9 },
  feet: { height: 0.18, span: 1.15 },
};
const SPIN = 0.25; // radians a second, until somebody turns the table
const KEY_TURN = 0.35; // radians a press
const DRAG_TURN = 0.011; // radians a pixel
const FIRST_TURN = -0.55;
const PLATE_M = 1.02;
const KART_PLATE = 1.42; // how much wider the plate is under a kart
const COMMON_M = 1.58; // the height that the spans above are for

/** A person or a kart on a porcelain plate that turns; the page's moon gate stands behind it. */
export class Turntable {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(FOV, 1, 0.1, 40);
  private readonly table = new Group();
  private readonly plate = new Group();
  private readonly shadow = new ShadowMaterial({ opacity: 0.32, color: "#1b2450" });
  private readonly look = new Vector3();
  private shown: Object3D | null = null;
  private figure: Figure | null = null;
  private tall = COMMON_M;
  private part: Part = "character";
  private view: View = { ...VIEWS.character };
  private turn = FIRST_TURN;
  private speed = 0;
  private touched = false;
  private cheerLeft = 0;
  private before = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly calm: boolean,
  ) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.renderer.setClearAlpha(0);
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = VSMShadowMap;
    lightStudio(this.scene, true);
    this.scene.add(this.table);
    this.plate.add(...plate(), this.ground());
    this.table.add(this.plate);
    this.touched = calm;
    this.listen();
  }

  /** What the machine drew in the last frame, for whoever watches from outside. */
  get drawn(): { calls: number; triangles: number } {
    const { calls, triangles } = this.renderer.info.render;
    return { calls, triangles };
  }

  get angle(): number {
    return this.turn;
  }

  open(): void {
    this.before = performance.now();
    requestAnimationFrame(this.frame);
  }

  /** Puts somebody on the plate, standing, or in the seat of a kart. */
  show(figure: Figure, kart: Object3D | null): void {
    if (this.shown) this.table.remove(this.shown);
    this.figure = figure;
    this.shown = kart ?? figure.root;
    const seat = kart?.getObjectByName("seat");
    seat?.add(figure.root);
    this.table.add(this.shown);
    this.plate.scale.setScalar(kart ? KART_PLATE : 1);
    this.shown.traverse((object) => void (object.castShadow = object instanceof Mesh));
    figure.play(kart ? "drive" : "idle");
    figure.frame(0);
    const head = figure.root.getObjectByName("head");
    this.shown.updateMatrixWorld(true);
    if (head && !kart) this.tall = head.getWorldPosition(this.look).y + 0.45;
    this.cheerLeft = 0;
  }

  frameFor(part: Part): void {
    this.part = part;
  }

  /** Somebody was chosen and is glad of it; who sits in a kart keeps both hands on the wheel. */
  cheer(): void {
    if (!this.figure || this.calm || this.shown !== this.figure.root) return;
    this.figure.play("win");
    this.cheerLeft = this.figure.length;
  }

  private ground(): Mesh {
    const ground = new Mesh(new CircleGeometry(PLATE_M, 72), this.shadow);
    ground.rotation.x = -Math.PI / 2;
    ground.position.y = 0.004;
    ground.receiveShadow = true;
    return ground;
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.touched = true;
      this.speed = 0;
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      this.turn += event.movementX * DRAG_TURN;
      this.speed = event.movementX * DRAG_TURN * 30;
    });
    canvas.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way) return;
      event.preventDefault();
      this.touched = true;
      this.turn += way * KEY_TURN;
    });
  }

  private readonly frame = (now: number): void => {
    requestAnimationFrame(this.frame);
    const dt = Math.min(0.1, (now - this.before) / 1000);
    this.before = now;
    if (document.hidden) return;
    if (!this.touched) this.turn += SPIN * dt;
    this.turn += this.speed * dt;
    this.speed = damp(this.speed, 0, 4, dt);
    this.table.rotation.y = this.turn;
    if (this.cheerLeft > 0 && (this.cheerLeft -= dt) <= 0) this.figure?.play("idle");
    this.figure?.frame(dt);
    this.aim(dt);
    this.renderer.render(this.scene, this.camera);
  };

  private aim(dt: number): void {
    this.resize();
    const wish = VIEWS[this.part];
    const seated = this.shown !== this.figure?.root;
    const height = seated ? VIEWS.cart.height + 0.12 : wish.height * this.tall;
    const rate = this.view.height === 0 ? 1000 : 6;
    this.view.height = damp(this.view.height, height, rate, dt);
    this.view.span = damp(this.view.span, seated ? VIEWS.cart.span : (wish.span * this.tall) / COMMON_M, rate, dt);
    const narrow = Math.max(1, 0.86 / this.camera.aspect);
    const far = ((this.view.span / 2) * narrow) / Math.tan((FOV * Math.PI) / 360);
    this.look.set(0, this.view.height, 0);
    this.camera.position.set(far * 0.985, this.view.height + far * 0.13, 0);
    this.camera.lookAt(this.look);
  }

  private resize(): void {
    const box = this.canvas.parentElement!;
    const [width, height] = [Math.max(1, box.clientWidth), Math.max(1, box.clientHeight)];
    const ratio = Math.min(2, devicePixelRatio || 1);
    const { canvas } = this;
    if (canvas.width === Math.floor(width * ratio) && canvas.height === Math.floor(height * ratio))
      return;
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
  }
}

/** Porcelain with two cobalt rings, as on the plates of the house. */
function plate(): Object3D[] {
  const flat = (inner: number, outer: number, y: number, colour: string): Mesh => {
    const ring = new Mesh(
      new RingGeometry(inner, outer, 72),
      new MeshBasicMaterial({ color: colour }),
    );
    ring.rotation.x = -Math.PI / 2;
    ring.position.y = y;
    return ring;
  };
  const top = new Mesh(
    new CircleGeometry(PLATE_M, 72),
    new MeshLambertMaterial({ color: "#f4f1ea" }),
  );
  top.rotation.x = -Math.PI / 2;
  top.position.y = -0.004;
  return [
    top,
    flat(PLATE_M * 0.9, PLATE_M * 0.965, 0.001, "#1f429a"),
    flat(PLATE_M * 0.84, PLATE_M * 0.855, 0.001, "#6f8fd6"),
    flat(PLATE_M, PLATE_M * 1.012, 0, "#15306f"),
  ];
}
