import {
  BoxGeometry,
  Color,
  CylinderGeometry,
  Group,
  Mesh,
  MeshLambertMaterial,
  SphereGeometry,
  type Material,
  type MeshStandardMaterial,
  type Object3D,
  type Texture,
} from "three";
import type { Rider } from "../cast/rider";

export interface Wheel {
  /** Turned by steering. */
  pivot: Object3D;
  /** Turned by rolling. */
  spin: Object3D;
  /** Metres. */
  radius: number;
  front: boolean;
}

/** The parts of a kart that move, in a model that looks along +x. */
export interface KartParts {
  model: Object3D;
  wheels: Wheel[];
  driver: Object3D | null;
  head: Object3D | null;
  headY: number;
  steering: Object3D | null;
  scarf: Object3D | null;
  /** Who sits in a kart that brings no driver of its own. */
  rider: Rider | null;
  /** Sets the opacity of a ghost. */
  fade(opacity: number): void;
}

const WHEEL = /^wheel_(front|rear|f|r)(_.*|l|r)?$/;

/** Finds the moving parts of an edition's kart by their names. */
export function partsOf(model: Object3D): KartParts {
  const wheels: Wheel[] = [];
  let driver: Object3D | null = null;
  let head: Object3D | null = null;
  let steering: Object3D | null = null;
  let scarf: Object3D | null = null;
  const all: Object3D[] = [];
  model.traverse((object) => all.push(object));
  for (const object of all) {
    const wheel = WHEEL.exec(object.name);
    if (wheel) wheels.push(asWheel(object, wheel[1]!.startsWith("f")));
    else if (object.name === "driver_body") driver = object;
    else if (object.name === "driver_head") head = object;
    else if (object.name === "steering") steering = object;
    else if (object.name === "scarf") scarf = object;
    if (object instanceof Mesh) shade(object);
  }
  // A head goes where its shoulders lean.
  model.updateMatrixWorld(true);
  if (driver && head) (driver as Object3D).attach(head);
  if (driver && scarf) (driver as Object3D).attach(scarf);
  return finish({ model, wheels, driver, head, steering, scarf });
}

/** Puts somebody on the seat; the hands of the clips are where every kart's wheel is. */
export function seatRider(parts: KartParts, rider: Rider): KartParts {
  const seat = parts.model.getObjectByName("seat") ?? parts.model;
  seat.add(rider.figure.root);
  parts.model.updateMatrixWorld(true);
  return { ...parts, rider };
}

/** Steering and rolling are two turns, so a wheel hangs in a pivot of its own. */
function asWheel(spin: Object3D, front: boolean): Wheel {
  const pivot = new Group();
  pivot.position.copy(spin.position);
  spin.parent?.add(pivot);
  spin.position.set(0, 0, 0);
  pivot.add(spin);
  return { pivot, spin, radius: Math.max(0.1, pivot.position.y), front };
}

const shared = new Map<string, Material>();

function shade(mesh: Mesh): void {
  const old = mesh.material as MeshStandardMaterial;
  const map: Texture | null = old.map ?? null;
  const key = `${old.name}:${old.transparent}:${map?.uuid ?? ""}`;
  let made = shared.get(key);
  if (!made) {
    made = new MeshLambertMaterial({
      map,
      vertexColors: mesh.geometry.hasAttribute("color"),
      flatShading: !mesh.geometry.hasAttribute("normal"),
      transparent: old.transparent,
      opacity: old.transparent ? 0.5 : 1,
    });
    shared.set(key, made);
  }
  mesh.material = made;
}

function finish(found: Omit<KartParts, "headY" | "fade" | "rider">): KartParts {
  return {
    ...found,
    rider: null,
    headY: found.head?.position.y ?? 0,
    fade(opacity) {
      found.model.traverse((object) => {
        if (object instanceof Mesh) (object.material as Material).opacity = opacity;
      });
    },
  };
}

/** A ghost is seen through, in the cobalt of the house. */
export function ghostMaterials(model: Object3D): void {
  const made = new MeshLambertMaterial({
    vertexColors: true,
    transparent: true,
    opacity: 0.45,
    color: new Color("#b9d3ff"),
    emissive: new Color("#16337d"),
  });
  model.traverse((object) => {
    if (object instanceof Mesh) {
      made.vertexColors = object.geometry.hasAttribute("color");
      made.flatShading = !object.geometry.hasAttribute("normal");
      object.material = made;
      object.renderOrder = 4;
    }
  });
}

/** A kart of boxes, for an edition that brings none. */
export function plainKart(): KartParts {
  const model = new Group();
  const paint = (colour: string): MeshLambertMaterial => new MeshLambertMaterial({ color: colour });
  const green = paint("#0f5a3c");
  const dark = paint("#22262c");
  const cream = paint("#f3ead8");
  const block = (
    x: number,
    y: number,
    z: number,
    at: [number, number, number],
    m: Material,
  ): Mesh => {
    const mesh = new Mesh(new BoxGeometry(x, y, z), m);
    mesh.position.set(...at);
    model.add(mesh);
    return mesh;
  };
  block(1.9, 0.22, 0.9, [0, 0.32, 0], green);
  block(0.6, 0.2, 0.6, [0.9, 0.36, 0], cream);
  block(0.5, 0.4, 0.8, [-0.7, 0.6, 0], dark);
  const wheels: Wheel[] = [];
  for (const [x, z, front] of [
    [0.75, 0.6, true],
    [0.75, -0.6, true],
    [-0.72, 0.62, false],
    [-0.72, -0.62, false],
  ] as const) {
    const spin = new Mesh(new CylinderGeometry(0.34, 0.34, 0.28, 10), dark);
    spin.geometry.rotateX(Math.PI / 2);
    spin.position.set(x, 0.34, z);
    model.add(spin);
    wheels.push(asWheel(spin, front));
  }
  const driver = new Group();
  driver.position.set(-0.25, 0.5, 0);
  const body = new Mesh(new BoxGeometry(0.4, 0.6, 0.55), paint("#24448f"));
  body.position.y = 0.3;
  const head = new Mesh(new SphereGeometry(0.28, 10, 8), paint("#d8482e"));
  head.position.y = 0.85;
  driver.add(body, head);
  model.add(driver);
  // A head goes where its shoulders lean.
  if (driver && head) (driver as Object3D).attach(head);
  return finish({ model, wheels, driver, head, steering: null, scarf: null });
}
