import type { Object3D } from "three";
import type { Config } from "./core/config";
import { Downloads } from "./core/download";
import { fetchCourse, type Course } from "./core/edition";
import { Track } from "./core/track";
import { partsOf, plainKart, type KartParts } from "./render/kartparts";
import { readModel } from "./render/scenery";
import type { Gate } from "./ui/gate";
import type { Strings } from "./ui/strings";

export interface Loaded {
  course: Course;
  track: Track;
  place: Object3D;
  /** Makes a new kart each time. */
  kart(): KartParts;
}

const TABLE_BYTES = 80_000;
const SCENERY_BYTES = 2_800_000;
const KART_BYTES = 230_000;

/** Everything a first race needs; the gate shows how far it is. */
export async function load(config: Config, strings: Strings, gate: Gate): Promise<Loaded> {
  const downloads = new Downloads((share) => gate.progress(0.04 + share * 0.86));
  const course = await fetchCourse(config.edition, config.track);
  gate.progress(0.04, strings.loadingTrack);
  const [table, scenery, kart] = await Promise.all([
    downloads.bytes(course.tableUrl, TABLE_BYTES),
    downloads.bytes(course.sceneryUrl, SCENERY_BYTES),
    course.kartUrl ? downloads.bytes(course.kartUrl, KART_BYTES) : null,
  ]);
  const place = await readModel(scenery);
  const model = kart ? await readModel(kart) : null;
  gate.progress(0.94);
  return {
    course,
    track: Track.fromBytes(table, course.facts.id),
    place,
    kart: () => (model ? partsOf(model.clone(true)) : plainKart()),
  };
}
