import { SIM_VERSION } from "./generated/sim.js";
import type { Config } from "./core/config";
import { Ghosts, ghostTimeMs } from "./core/ghosts";
import { Outbox } from "./core/outbox";
import { Race, type Ghost } from "./core/race";
import { Records, type BoardRow, type Verdict } from "./core/records";
import { Interest, cardsOf } from "./core/cards";
import { Offline } from "./core/offline";
import { Rivals, planFromBytes } from "./core/rivals";
import { loadSettings, saveSettings } from "./core/settings";
import { newWorld, type System, type World } from "./core/world";
import { Gamepads } from "./input/gamepad";
import { Keyboard } from "./input/keyboard";
import { Touch } from "./input/touch";
import { load, type Loaded } from "./load";
import { installProbe } from "./probe";
import { Cohort } from "./render/cohort";
import { Fleet, LIVERIES } from "./render/fleet";
import { airOf, installFog } from "./render/atmosphere";
import { Stage } from "./render/stage";
import { survey, type Survey } from "./render/survey";
import { assemble, courseKey, type Assembled } from "./systems";
import { make } from "./ui/dom";
import { updateNote } from "./ui/updatenote";
import type { Gate } from "./ui/gate";
import { modeChooser } from "./ui/modes";
import { PausePanel } from "./ui/pausepanel";
import { RaceResults } from "./ui/raceresults";
import { Results } from "./ui/results";
import { settingsForm } from "./ui/settingsform";
import { fill, type Strings } from "./ui/strings";
import { TopBar } from "./ui/topbar";

const LONGEST_FRAME_S = 0.25;
const BOARD_ROWS = 8;

/** Loads a course, lets the player in through the gate, and runs the race. */
export async function start(
  root: HTMLElement,
  config: Config,
  strings: Strings,
  gate: Gate,
): Promise<void> {
  const loaded = await load(config, strings, gate);
  const game = new Game(root, config, strings, loaded);
  await game.open(gate);
}

class Game {
  private readonly world: World;
  private readonly stage: Stage;
  private readonly records: Records;
  private readonly ghosts: Ghosts;
  private readonly parts: Assembled;
  private readonly keyboard: Keyboard;
  private readonly touch: Touch;
  private readonly pausePanel: PausePanel;
  private readonly results: Results;
  private readonly raceResults: RaceResults;
  private readonly topBar: TopBar;
  private readonly hud: HTMLElement;
  private readonly told = { verdict: "", record: "" };
  private before = 0;
  private rescueLeft = 0;
  /** Whom the next race is against. */
  private next: Ghost | null = null;
  /** Whether that is this player's best, whatever it is by then. */
  private againstSelf = true;
  /** Who else races, once that was chosen. */
  private rivals: Rivals | null = null;
  private plan: Promise<Float64Array> | null = null;
  private readonly interest: Interest;
  private readonly offline: Offline;

  constructor(
    root: HTMLElement,
    private readonly config: Config,
    private readonly strings: Strings,
    private readonly loaded: Loaded,
  ) {
    const { facts } = loaded.course;
    const settings = loadSettings(config.language);
    const outbox = new Outbox();
    this.interest = new Interest(config.api, () => settings.interest);
    this.offline = new Offline(config, (take) => root.append(updateNote(strings, take)));
    this.records = new Records(config.api, config.track, outbox);
    this.ghosts = new Ghosts(loaded.track, facts.laps, SIM_VERSION, this.records, outbox, loaded.outfit);
    const race = new Race(loaded.track, facts.laps, null);
    this.world = newWorld({
      config,
      settings,
      strings,
      track: loaded.track,
      race,
      lowDetail: config.quality === "low",
    });

    const air = airOf(facts);
    installFog(air);
    const canvas = make("canvas", { class: "rg-canvas", "aria-hidden": "true" });
    const view = make(
      "div",
      { class: "rg-view" },
      canvas,
      make("div", { class: "rg-soft rg-soft-top" }),
      make("div", { class: "rg-soft rg-soft-bottom" }),
    );
    this.hud = make("div", { class: "rg-hud", role: "region", "aria-label": strings.hudLabel });
    root.prepend(view, this.hud);
    this.stage = new Stage(canvas, air, config.quality);

    const actions = {
      pause: () => this.togglePause(),
      restart: () => this.restart(),
      skip: () => this.parts.director.skip(this.world),
      mute: () => this.mute(),
    };
    const driving = (): boolean =>
      !this.world.paused && ["intro", "countdown", "racing"].includes(this.world.phase);
    this.keyboard = new Keyboard(actions, driving);
    const pads = new Gamepads(actions);
    this.touch = new Touch(this.hud, settings, strings);
    this.parts = assemble(
      this.hud,
      this.world,
      loaded,
      air,
      this.stage,
      { keyboard: this.keyboard, pads, touch: this.touch },
      { finished: () => void this.finished() },
      this.interest,
    );
    this.topBar = new TopBar(this.hud, strings, {
      ...actions,
      rescue: () => (this.rescueLeft = 0.1),
    });
    this.pausePanel = new PausePanel(
      root,
      strings,
      config.back,
      {
        resume: () => this.togglePause(),
        restart: () => this.restart(),
        rescue: () => {
          this.togglePause();
          this.rescueLeft = 0.1;
        },
      },
      settingsForm(settings, strings, () => void this.settingsChanged()),
    );
    const after = {
      again: () => this.restart(),
      raceGhost: (id: string, name: string) => void this.raceGhost(id, name),
    };
    this.results = new Results(root, strings, config.back, after, config.compose);
    this.raceResults = new RaceResults(root, strings, config.back, after.again);
    this.parts.systems.push(this.raceResults);
    this.listen(root);
    this.applySettings();
    const look = (views: number): Survey =>
      survey(this.stage, this.world.track, this.parts.kart.root, views);
    installProbe(this.world, this.stage.stats, this.told, this.parts.sound, look);
  }

  private listen(root: HTMLElement): void {
    const wake = (): void => this.parts.sound.wake(this.world);
    // A finger's touch unlocks sound when it lifts, a mouse's when it presses.
    addEventListener("pointerdown", wake, true);
    addEventListener("pointerup", wake, true);
    addEventListener("keydown", wake, true);
    addEventListener("online", () => {
      void this.records.flush();
      void this.interest.flush();
    });
    const away = (): void => {
      if (!this.world.paused && ["countdown", "racing"].includes(this.world.phase))
        this.togglePause();
    };
    addEventListener("blur", away);
    document.addEventListener("visibilitychange", () => document.hidden && away());
    root.addEventListener("dblclick", (event) => event.preventDefault());
    this.hud.addEventListener("pointerdown", () => this.parts.director.skip(this.world));
  }

  /** Shows the place through the gate and waits for the player. */
  async open(gate: Gate): Promise<void> {
    const own = await this.ghosts.ownBest(this.strings.you);
    const asked = await this.askedGhost(gate);
    const choices = new Map<string, Ghost | null>([["none", null]]);
    if (own) choices.set("own", own);
    if (asked) choices.set("record", asked);
    this.againstSelf = !asked;
    if (asked) this.world.settings.mode = "trial"; // whoever asks for a ghost races the clock
    const first = asked ? "record" : own ? "own" : "none";
    this.takeGhost(choices.get(first) ?? null);
    this.reset();
    await this.stage.prepare();
    gate.progress(1);
    const place = (): void => void (this.world.focus = gate.centre);
    place();
    addEventListener("resize", place);
    this.before = performance.now();
    requestAnimationFrame(this.frame);
    const labels = [...choices].map(([key, ghost]): [string, string] => [
      key,
      key === "none"
        ? this.strings.noGhost
        : key === "own"
          ? this.strings.ownGhost
          : fill(this.strings.ghostOf, { name: ghost?.name ?? "" }),
    ]);
    // At once: whoever looks in and leaves again has still got an earlier race on the board.
    const sent = this.records.flush();
    void this.interest.flush();
    void this.offline.start();
    await gate.ready(
      labels,
      first,
      (key) => {
        this.againstSelf = key === "own";
        this.takeGhost(choices.get(key) ?? null);
      },
      this.world.settings,
      modeChooser(this.world.settings, this.strings, () => {
        place();
        void this.fetchPlan()?.catch(() => null);
      }),
      this.cardsLink(),
    );
    await this.meetRivals();
    if (this.world.settings.touch === "tilt") await this.startTilt();
    this.applySettings();
    saveSettings(this.world.settings);
    removeEventListener("resize", place);
    gate.open();
    this.stayAwake();
    this.parts.director.begin(this.world);
    const n = await sent;
    if (n > 0) this.parts.prompts.say(fill(this.strings.sentLater, { n }));
  }

  /** The screen of a phone that is only tilted would go dark. */
  private stayAwake(): void {
    const ask = (): void => {
      if (!document.hidden) void navigator.wakeLock?.request("screen").catch(() => undefined);
    };
    ask();
    document.addEventListener("visibilitychange", ask);
  }

  private async askedGhost(gate: Gate): Promise<Ghost | null> {
    const id = this.config.ghost;
    if (!id) return null;
    gate.progress(0.96, this.strings.loadingGhost);
    try {
      const board = await this.records.board(50).catch((): BoardRow[] => []);
      const name = board.find((row) => row.id === id)?.player.name ?? "…";
      return await this.ghosts.ofRecord(id, name);
    } catch {
      this.parts.prompts.say(this.strings.ghostFailed);
      return null;
    }
  }

  private takeGhost(ghost: Ghost | null): void {
    this.next = ghost;
    const { track, race } = this.world;
    this.world.race = new Race(track, race.laps, this.rivals ? null : ghost, this.rivals);
    this.reset();
  }

  /** How many of this course's cards are yours, and where to read them. */
  private cardsLink(): HTMLElement | null {
    const { cards } = this.config;
    const all = this.loaded.course.facts.landmarks ?? [];
    if (!cards || all.length === 0) return null;
    const mine = cardsOf(courseKey(this.loaded));
    const n = all.filter(({ slug }) => mine.has(slug)).length;
    const count = fill(this.strings.cardCount, { n, of: all.length });
    return make("a", { class: "rg-gate-cards", href: cards }, count);
  }

  /** The drivers' plan of this course, fetched once it is wanted. */
  private fetchPlan(): Promise<Float64Array> | null {
    if (this.world.settings.mode !== "race") return null;
    this.plan ??= fetch(this.loaded.course.driversUrl).then(async (response) => {
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return planFromBytes(await response.arrayBuffer());
    });
    return this.plan;
  }

  /** Puts the chosen field on the grid, in front of the player. */
  private async meetRivals(): Promise<void> {
    const { settings } = this.world;
    if (settings.mode !== "race") return;
    let fleet: System;
    try {
      const plan = (await this.fetchPlan())!;
      fleet = await this.field(settings.rivals);
      this.rivals = new Rivals(plan, this.names(settings.rivals), settings.level, Date.now());
    } catch {
      this.plan = null;
      this.parts.prompts.say(this.strings.rivalsFailed);
      return;
    }
    const { systems } = this.parts;
    systems.splice(systems.findIndex(({ name }) => name === "ghost kart") + 1, 0, fleet);
    this.takeGhost(null);
    for (const system of systems) system.frame(this.world, 0);
    await this.stage.prepare();
  }

  /** Rivals who are each somebody, or karts of one make where the edition has no figures. */
  private async field(count: number): Promise<System> {
    const { people, rival } = this.loaded;
    const { scene } = this.stage;
    const simple = this.config.simpleFar;
    if (people.length === 0) return new Fleet(scene, this.loaded.kart(), simple);
    const crew = await Promise.all(
      Array.from({ length: count }, (_, k) =>
        rival(people[k % people.length]!, LIVERIES[k % LIVERIES.length]!),
      ),
    );
    return new Cohort(scene, crew, simple);
  }

  private names(count: number): string[] {
    const { people: others, course } = this.loaded;
    const known = others.length > 0 ? others : course.cast.characters;
    const people = known.map(({ name }) => name[this.config.language]);
    return Array.from(
      { length: count },
      (_, i) => people[i] ?? fill(this.strings.rivalName, { n: i + 1 }),
    );
  }

  private reset(): void {
    this.world.events = [];
    for (const system of this.parts.systems) system.reset?.(this.world);
  }

  private restart(): void {
    if (this.world.phase === "gate" || this.world.phase === "loading") return;
    this.pausePanel.hide();
    this.results.hide();
    this.raceResults.hide();
    this.world.paused = false;
    this.told.verdict = this.told.record = "";
    this.takeGhost(this.next);
    this.before = performance.now();
  }

  private async raceGhost(id: string, name: string): Promise<void> {
    try {
      this.next = await this.ghosts.ofRecord(id, name);
      this.againstSelf = false;
    } catch {
      this.parts.prompts.say(this.strings.ghostFailed);
    }
    this.restart();
  }

  private togglePause(): void {
    const { world } = this;
    if (!["countdown", "racing"].includes(world.phase)) return;
    world.paused = !world.paused;
    this.keyboard.release();
    this.touch.release();
    if (world.paused) this.pausePanel.show();
    else this.pausePanel.hide();
  }

  private mute(): void {
    this.world.settings.muted = !this.world.settings.muted;
    if (!this.world.settings.muted && this.world.settings.volume === 0)
      this.world.settings.volume = 0.8;
    void this.settingsChanged();
  }

  private async startTilt(): Promise<void> {
    if (await this.touch.tilt.start()) return;
    this.world.settings.touch = "two";
    this.parts.prompts.say(this.strings.tiltDenied);
  }

  private async settingsChanged(): Promise<void> {
    if (this.world.settings.touch === "tilt") await this.startTilt();
    this.applySettings();
    saveSettings(this.world.settings);
  }

  private applySettings(): void {
    this.touch.apply();
    this.parts.gauge.apply(this.world);
    this.parts.sound.apply(this.world);
    this.topBar.muted(this.world.settings.muted);
  }

  private async finished(): Promise<void> {
    const { race } = this.world;
    if (race.rivals) {
      this.raceResults.show(race);
      return;
    }
    const replay = race.replay();
    const timeMs = race.lineMs[race.lineMs.length - 1] ?? 0;
    const ghost = race.ghost ? { name: race.ghost.name, timeMs: ghostTimeMs(race.ghost) } : null;
    this.results.show({ timeMs, lapMs: race.lapMs, ghost });
    await this.ghosts.keepIfBest(replay, timeMs);
    if (this.againstSelf && this.world.race === race)
      this.next = await this.ghosts.ownBest(this.strings.you);
    const verdict = await this.records.submit(replay);
    if (this.world.race !== race) return; // the next race is on
    this.tell(verdict);
    const rows = await this.records.board(BOARD_ROWS).catch(() => null);
    if (this.world.race === race) this.results.boardIs(rows);
  }

  private tell(verdict: Verdict): void {
    this.told.verdict = verdict.kind;
    this.told.record = verdict.kind === "verified" ? verdict.record.id : "";
    this.results.verdictIs(verdict);
  }

  private readonly frame = (now: number): void => {
    requestAnimationFrame(this.frame);
    const started = performance.now();
    const elapsed = Math.max(0, (now - this.before) / 1000);
    this.before = now;
    const { world } = this;
    const dt = world.paused ? 0 : Math.min(LONGEST_FRAME_S, elapsed);
    world.clock += dt;
    this.hud.dataset["phase"] = world.phase;
    this.hud.dataset["input"] = world.inputKind;
    document.body.classList.toggle("rg-resting", world.phase === "finished");
    for (const system of this.parts.systems) system.frame(world, dt);
    this.rescue(dt);
    world.events.length = 0;
    this.stage.measure(elapsed * 1000, performance.now() - started);
  };

  /** The rescue button is a press that the next ticks must see. */
  private rescue(dt: number): void {
    this.touch.rescue = this.rescueLeft > 0;
    this.rescueLeft = Math.max(0, this.rescueLeft - dt);
  }
}
