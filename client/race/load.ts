import type { Object3D } from "three";
import { manned, others, rival } from "./cast/crew";
import type { CharacterFacts } from "./cast/facts";
import { fitted, keptOutfit, type Outfit } from "./cast/outfit";
import { Wardrobe } from "./cast/wardrobe";
import type { Config } from "./core/config";
import { Downloads } from "./core/download";
import { fetchCourse, type Course, type Sounds } from "./core/edition";
import { Track } from "./core/track";
import { LIVERIES } from "./render/fleet";
import { partsOf, plainKart, type KartParts } from "./render/kartparts";
import { readModel } from "./render/scenery";
import type { Gate } from "./ui/gate";
import type { Strings } from "./ui/strings";

export interface Loaded {
  course: Course;
  track: Track;
  place: Object3D;
  sounds: Sounds;
  /** The player's kart with whoever drives it; made when the course was loaded. */
  mine: KartParts;
  /** Another kart of the same make, each time. */
  kart(): KartParts;
  /** What the player wears; null in an edition that has no figures. */
  outfit: Outfit | null;
  /** Whoever drove a ghost, in what they wear; somebody else when that is not known. */
  ghost(outfit: unknown): Promise<KartParts>;
  /** Who else there is to race; empty in an edition that has no figures. */
  people: CharacterFacts[];
  /** One of them at the wheel of their own kart, in one plain colour. */
  rival(person: CharacterFacts, colour: string): Promise<KartParts>;
}

const TABLE_BYTES = 80_000;
const SCENERY_BYTES = 2_800_000;
const FIGURE_BYTES = 90_000;

/** Everything a first race needs; the gate shows how far it is. */
export async function load(
  config: Config,
  strings: Strings,
  gate: Pick<Gate, "progress">,
): Promise<Loaded> {
  const downloads = new Downloads((share) => gate.progress(0.04 + share * 0.86));
  const course = await fetchCourse(config.edition, config.track);
  gate.progress(0.04, strings.loadingTrack);
  const wardrobe = new Wardrobe(course.cast, (url) => downloads.bytes(url, FIGURE_BYTES));
  const outfit = fitted(config.outfit ? asJson(config.outfit) : keptOutfit(), course.cast);
  const [table, scenery, kart] = await Promise.all([
    downloads.bytes(course.tableUrl, TABLE_BYTES),
    downloads.bytes(course.sceneryUrl, SCENERY_BYTES),
    course.cast.karts.length > 0 ? wardrobe.kart(outfit?.kart ?? "", outfit?.wears ?? {}) : null,
    // Fetched beside the rest; `manned` below finds it in the wardrobe.
    outfit ? wardrobe.person(outfit.character, outfit.wears) : null,
  ]);
  const plain = (): KartParts => (kart ? partsOf(kart.clone(true)) : plainKart());
  const mine = outfit ? await manned(wardrobe, outfit) : plain();
  const people = outfit ? others(wardrobe, outfit) : [];
  const ghost = async (told: unknown): Promise<KartParts> => {
    const worn = told ? fitted(told, course.cast) : null;
    if (worn) return manned(wardrobe, worn);
    return people[0] ? rival(wardrobe, people[0], LIVERIES[0]) : plain();
  };
  const place = await readModel(scenery);
  gate.progress(0.94);
  return {
    course,
    track: Track.fromBytes(table, course.facts.id),
    place,
    sounds: course.soundsOf(outfit?.character ?? course.cast.characters[0]?.slug ?? ""),
    mine,
    kart: plain,
    outfit,
    ghost,
    people,
    rival: (person, colour) => rival(wardrobe, person, colour),
  };
}

/** What a page says a person wears; `fitted` takes anything. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
