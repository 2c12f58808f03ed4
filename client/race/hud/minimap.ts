import type { Pose } from "../core/pose";
import type { System, World } from "../core/world";
import { LIVERIES } from "../render/fleet";
import { make } from "../ui/dom";

const SIZE = 100;
const MARGIN = 9;
const NS = "http://www.w3.org/2000/svg";

function svg(tag: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** The course in a round window, north up; you, the ghost as a ring, rivals in their liveries. */
export class Minimap implements System {
  readonly name = "minimap";
  private readonly me: SVGElement;
  private readonly ghost: SVGElement;
  private readonly rivals = svg("g", {});
  private scale = 1;
  private midX = 0;
  private midY = 0;

  constructor(root: HTMLElement, world: World, points: [number, number][]) {
    this.fit(points);
    const path =
      points
        .map(([x, y], i) => `${i ? "L" : "M"}${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`)
        .join("") + "Z";
    const map = svg("svg", {
      viewBox: `0 0 ${SIZE} ${SIZE}`,
      role: "img",
      "aria-label": world.strings.map,
    });
    map.append(
      svg("path", { class: "rg-map-edge", d: path }),
      svg("path", { class: "rg-map-road", d: path }),
    );
    map.append(this.line(world));
    this.ghost = svg("circle", { class: "rg-map-ghost", r: "3.4" });
    this.me = svg("path", { class: "rg-map-me", d: "M6 0-4.200 4-2.200 0-4.200-4z" });
    map.append(this.rivals, this.ghost, this.me);
    root.append(make("div", { class: "rg-map" }, map));
  }

  private fit(points: [number, number][]): void {
    const xs = points.map((p) => p[0]);
    const ys = points.map((p) => p[1]);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [low, high] = [Math.min(...ys), Math.max(...ys)];
    // The corners of the box must stay inside the round window.
    this.scale = (SIZE - 2 * MARGIN) / Math.hypot(right - left, high - low);
    this.midX = (left + right) / 2;
    this.midY = (low + high) / 2;
  }

  private line(world: World): SVGElement {
    const start = world.track.point(0);
    const x = this.x(start.x);
    const y = this.y(start.y);
    const [nx, ny] = [-start.ty * 4, -start.tx * 4];
    return svg("path", { class: "rg-map-line", d: `M${x - nx} ${y - ny}L${x + nx} ${y + ny}` });
  }

  private x(x: number): number {
    return SIZE / 2 + (x - this.midX) * this.scale;
  }

  private y(y: number): number {
    return SIZE / 2 - (y - this.midY) * this.scale;
  }

  reset(world: World): void {
    const dots = world.rivals.map((_, kart) =>
      svg("circle", {
        class: "rg-map-rival",
        r: "3.2",
        fill: LIVERIES[kart % LIVERIES.length]!,
      }),
    );
    this.rivals.replaceChildren(...dots);
  }

  frame(world: World): void {
    world.rivals.forEach((pose, kart) => {
      const dot = this.rivals.children[kart];
      if (dot instanceof SVGElement) this.place(dot, pose, false);
    });
    this.place(this.me, world.me, true);
    this.ghost.style.display = world.ghost ? "" : "none";
    if (world.ghost) this.place(this.ghost, world.ghost, false);
  }

  private place(mark: SVGElement, pose: Pose, turned: boolean): void {
    const turn = turned
      ? ` rotate(${((-Math.atan2(pose.hy, pose.hx) * 180) / Math.PI).toFixed(0)})`
      : "";
    mark.setAttribute(
      "transform",
      `translate(${this.x(pose.x).toFixed(1)} ${this.y(pose.y).toFixed(1)})${turn}`,
    );
  }
}
