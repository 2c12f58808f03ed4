import { Haptics } from "./audio/haptics";
import { Sound } from "./audio/sound";
import type { Interest } from "./core/cards";
import { Director, type Cues } from "./core/director";
import { Simulation } from "./core/simulation";
import type { System, World } from "./core/world";
import { Flame } from "./fx/flame";
import { TyreMarks } from "./fx/marks";
import { Shadow } from "./fx/shadow";
import { Smoke } from "./fx/smoke";
import { SpeedLines } from "./fx/speedlines";
import { Cards } from "./hud/cards";
import { Gauge } from "./hud/gauge";
import { Lessons } from "./hud/lessons";
import { Minimap } from "./hud/minimap";
import { Place } from "./hud/place";
import { Prompts } from "./hud/prompts";
import { Timing } from "./hud/timing";
import { Controls } from "./input/controls";
import type { Gamepads } from "./input/gamepad";
import type { Keyboard } from "./input/keyboard";
import type { Touch } from "./input/touch";
import type { Loaded } from "./load";
import type { Air } from "./render/atmosphere";
import { ChaseCamera } from "./render/camera";
import { KartView } from "./render/kartview";
import { Lamplight } from "./render/lamplight";
import { addScenery } from "./render/scenery";
import { Sky } from "./render/sky";
import type { Stage } from "./render/stage";
import { Water } from "./render/water";
import { Weather } from "./render/weather";

/** edition/track, as cards are kept. */
export const courseKey = ({ course }: Loaded): string => `${course.edition}/${course.facts.slug}`;

export interface Inputs {
  keyboard: Keyboard;
  pads: Gamepads;
  touch: Touch;
}

export interface Assembled {
  /** In the order of the frame; README.md says why. */
  systems: System[];
  director: Director;
  kart: KartView;
  sound: Sound;
  gauge: Gauge;
  prompts: Prompts;
}

export function assemble(
  hud: HTMLElement,
  world: World,
  loaded: Loaded,
  air: Air,
  stage: Stage,
  inputs: Inputs,
  cues: Cues,
  interest: Interest,
): Assembled {
  const { scene, camera } = stage;
  const water = new Water(air);
  const lamps = new Lamplight(scene, loaded.place, air, camera);
  const { painted, glow } = lamps;
  addScenery(scene, loaded.place, { painted, glow, water: water.material });
  const kart = new KartView(scene, loaded.mine, "me");
  const director = new Director(cues);
  const sound = new Sound(loaded.sounds);
  const gauge = new Gauge(hud, world);
  const prompts = new Prompts(hud, world);
  const systems: System[] = [
    new Controls(inputs.keyboard, inputs.pads, inputs.touch),
    new Simulation(),
    director,
    kart,
    new KartView(scene, loaded.kart(), "ghost", loaded.ghost),
    new Shadow(scene, air),
    new Smoke(scene),
    new TyreMarks(scene),
    new Flame(kart.root),
    new SpeedLines(scene),
    new ChaseCamera(camera),
    new Sky(scene, camera, air),
    water,
    lamps,
    new Weather(scene, camera, air, world.config.reducedMotion),
    new Timing(hud, world),
    new Place(hud, world),
    gauge,
    new Minimap(hud, world, loaded.course.facts.minimap),
    prompts,
    new Lessons(hud),
    new Cards(hud, world.track, courseKey(loaded), loaded.course.facts.landmarks ?? [], interest),
    sound,
    new Haptics(inputs.pads),
    stage,
  ];
  return { systems, director, kart, sound, gauge, prompts };
}
