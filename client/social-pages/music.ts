/** The music of a page: silent until its button is pressed. */
import { pitch, TUNES, type Tune } from "./tunes.js";

const AHEAD_S = 1.5;
const LOOK_MS = 500;
const LOUD = 0.16;

export function wireMusic(): void {
  const box = document.querySelector<HTMLElement>("[data-music]");
  const tune = TUNES[box?.dataset.music ?? ""];
  const button = box?.querySelector<HTMLButtonElement>("[data-play]");
  if (!box || !tune || !button || typeof AudioContext === "undefined") return;
  box.hidden = false;
  let player: Player | null = null;
  button.addEventListener("click", () => {
    if (player) player.stop();
    player = player ? null : new Player(tune);
    button.ariaPressed = String(player !== null);
  });
}

/** Plucks the melody's strings a little before they are due, over and over. */
class Player {
  private readonly context = new AudioContext();
  private readonly out: GainNode;
  private readonly timer: number;
  private next = 0;
  private due: number;

  constructor(private readonly tune: Tune) {
    this.out = this.context.createGain();
    this.out.gain.value = LOUD;
    this.out.connect(this.context.destination);
    this.due = this.context.currentTime + 0.1;
    this.pluckAhead();
    this.timer = window.setInterval(() => this.pluckAhead(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    void this.context.close();
  }

  private pluckAhead(): void {
    const { root, beat, melody, bass } = this.tune;
    while (this.due < this.context.currentTime + AHEAD_S) {
      const note = melody[this.next];
      if (note !== null && note !== undefined) this.pluck(pitch(root, note), 1.6, 1);
      if (this.next % 8 === 0)
        this.pluck(pitch(root / 2, bass[(this.next / 8) % bass.length] ?? 0), 3, 0.7);
      this.next = (this.next + 1) % melody.length;
      this.due += beat;
    }
  }

  private pluck(hertz: number, seconds: number, loud: number): void {
    const string = this.context.createOscillator();
    const swell = this.context.createGain();
    string.type = "triangle";
    string.frequency.value = hertz;
    swell.gain.setValueAtTime(0, this.due);
    swell.gain.linearRampToValueAtTime(loud, this.due + 0.012);
    swell.gain.exponentialRampToValueAtTime(0.001, this.due + seconds);
    string.connect(swell).connect(this.out);
    string.start(this.due);
    string.stop(this.due + seconds);
  }
}
