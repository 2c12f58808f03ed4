import type { Object3D } from "three";
import type { Track } from "../core/track";
import { headingAngle } from "./maths";
import type { Stage } from "./stage";

const BEHIND_M = 6.2;
const ABOVE_M = 2.7;
const LOOK_M = 14;
const LOOK_UP_M = 1.2;

export interface Survey {
  calls: number;
  triangles: number;
  /** Metres along the lap where most triangles are drawn. */
  at: number;
}

/** Draws `views` chase views round the lap and tells the most that any of them costs. */
export function survey(stage: Stage, track: Track, kart: Object3D, views: number): Survey {
  const { camera, renderer, scene } = stage;
  const most: Survey = { calls: 0, triangles: 0, at: 0 };
  const home = { camera: camera.matrix.clone(), kart: kart.position.clone(), turn: kart.rotation.y };
  for (let view = 0; view < views; view++) {
    const along = (view / views) * track.n;
    const road = track.point(along);
    const ahead = track.point(along + LOOK_M / track.ds);
    kart.position.set(road.x, road.h, -road.y);
    kart.rotation.y = headingAngle(road.tx, road.ty);
    camera.position.set(
      road.x - road.tx * BEHIND_M,
      road.h + ABOVE_M,
      -(road.y - road.ty * BEHIND_M),
    );
    camera.lookAt(ahead.x, ahead.h + LOOK_UP_M, -ahead.y);
    renderer.render(scene, camera);
    const { calls, triangles } = renderer.info.render;
    most.calls = Math.max(most.calls, calls);
    if (triangles > most.triangles) {
      most.triangles = triangles;
      most.at = Math.round(along * track.ds);
    }
  }
  home.camera.decompose(camera.position, camera.quaternion, camera.scale);
  kart.position.copy(home.kart);
  kart.rotation.y = home.turn;
  return most;
}
