import { Raycaster, Vector3, type Object3D } from "three";
import type { Point } from "./footage";

/** Whether a place leaves the line between two points free. */
export function sightIn(place: Object3D): (from: Point, to: Point) => boolean {
  const ray = new Raycaster();
  const start = new Vector3();
  const way = new Vector3();
  return ([fromX, fromY, fromH], [toX, toY, toH]) => {
    start.set(fromX, fromH, -fromY);
    way.set(toX, toH, -toY).sub(start);
    ray.far = way.length();
    ray.set(start, way.normalize());
    return ray.intersectObject(place, true).length === 0;
  };
}
