import {
  Color,
  DirectionalLight,
  Fog,
  HemisphereLight,
  NoToneMapping,
  PerspectiveCamera,
  Scene,
  WebGLRenderer,
} from "three";
import type { System, World } from "../core/world";
import type { Air } from "./atmosphere";
import { Resolution } from "./resolution";

export interface Stats {
  calls: number;
  triangles: number;
  geometries: number;
  fps: number;
  frameMs: number;
  scriptMs: number;
  pixelRatio: number;
}

/** The canvas, the camera and the light; draws last in the frame. */
export class Stage implements System {
  readonly name = "stage";
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(62, 1, 0.2, 2600);
  readonly renderer: WebGLRenderer;
  readonly stats: Stats = {
    calls: 0,
    triangles: 0,
    geometries: 0,
    fps: 60,
    frameMs: 16.7,
    scriptMs: 0,
    pixelRatio: 1,
  };
  private readonly resolution: Resolution;
  /** Whether the canvas is as large as its place; asking the page in every frame would cost a layout. */
  private fits = false;

  constructor(canvas: HTMLCanvasElement, air: Air, quality: "low" | "high" | "auto") {
    this.renderer = new WebGLRenderer({
      canvas,
      antialias: quality !== "low",
      powerPreference: "high-performance",
    });
    new ResizeObserver(() => (this.fits = false)).observe(canvas.parentElement ?? canvas);
    this.renderer.toneMapping = NoToneMapping;
    this.renderer.setClearColor(new Color(air.facts.fog));
    this.resolution = new Resolution(quality, window.devicePixelRatio || 1);
    this.scene.fog = new Fog(air.facts.fog, 1, 1000);
    // A Lambert surface gives back 1/π of the light; the edition's numbers are what is to be seen.
    const sun = new DirectionalLight(new Color(...air.light.sun), Math.PI * 1.1);
    sun.position.copy(air.sun).multiplyScalar(100);
    this.scene.add(
      sun,
      new HemisphereLight(
        new Color(...air.light.sky),
        new Color(...air.light.bounce),
        Math.PI * 1.15,
      ),
    );
  }

  /** Compiles every shader before the gate opens, so that nothing stutters on the road. */
  async prepare(): Promise<void> {
    this.resize();
    await this.renderer.compileAsync(this.scene, this.camera);
    this.renderer.render(this.scene, this.camera);
  }

  private resize(): void {
    const ratio = this.resolution.ratio;
    if (this.fits && ratio === this.stats.pixelRatio) return;
    this.fits = true;
    const canvas = this.renderer.domElement;
    const box = canvas.parentElement ?? canvas;
    const width = Math.max(1, box.clientWidth);
    const height = Math.max(1, box.clientHeight);
    this.stats.pixelRatio = ratio;
    this.renderer.setDrawingBufferSize(width, height, ratio);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
  }

  frame(world: World): void {
    this.resize();
    this.renderer.render(this.scene, this.camera);
    const info = this.renderer.info;
    this.stats.calls = info.render.calls;
    this.stats.triangles = info.render.triangles;
    this.stats.geometries = info.memory.geometries;
    world.lowDetail = this.resolution.low;
  }

  /** Told once a frame how long frames take (ms), to choose how many pixels are worth drawing. */
  measure(frameMs: number, scriptMs: number): void {
    this.stats.frameMs += (frameMs - this.stats.frameMs) * 0.05;
    this.stats.scriptMs += (scriptMs - this.stats.scriptMs) * 0.05;
    this.stats.fps = 1000 / Math.max(1, this.stats.frameMs);
    this.resolution.note(frameMs);
  }
}
