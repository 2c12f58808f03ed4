/** The sound card's door: opened by the first gesture, closed with the tab, never louder than asked. */
export class Mixer {
  readonly context: AudioContext;
  readonly out: GainNode;
  /** Where the band comes in, beside the effects and with a volume of its own. */
  readonly music: GainNode;
  readonly noise: AudioBuffer;
  private level = 1;
  private quiet = false;

  constructor() {
    this.context = new AudioContext({ latencyHint: "interactive" });
    this.out = this.context.createGain();
    const limiter = this.context.createDynamicsCompressor();
    limiter.threshold.value = -14;
    limiter.ratio.value = 6;
    this.music = this.context.createGain();
    const wall = this.context.createDynamicsCompressor();
    wall.threshold.value = -3;
    wall.ratio.value = 20;
    wall.knee.value = 0;
    wall.attack.value = 0.002;
    this.out.connect(limiter).connect(wall);
    this.music.connect(wall).connect(this.context.destination);
    this.noise = this.whiteNoise(2);
  }

  private whiteNoise(seconds: number): AudioBuffer {
    const { sampleRate } = this.context;
    const buffer = this.context.createBuffer(1, sampleRate * seconds, sampleRate);
    const data = buffer.getChannelData(0);
    for (let i = 0; i < data.length; i++) data[i] = Math.random() * 2 - 1;
    return buffer;
  }

  set(volume: number, muted: boolean): void {
    this.level = muted ? 0 : volume * volume;
    this.apply();
  }

  /** Lowered while the race stands still. */
  hush(quiet: boolean): void {
    if (quiet === this.quiet) return;
    this.quiet = quiet;
    this.apply();
  }

  private apply(): void {
    this.out.gain.setTargetAtTime(this.quiet ? 0 : this.level, this.context.currentTime, 0.06);
  }

  loop(
    filter: BiquadFilterType,
    frequency: number,
    q: number,
  ): { gain: GainNode; filter: BiquadFilterNode } {
    const source = this.context.createBufferSource();
    source.buffer = this.noise;
    source.loop = true;
    const shape = this.context.createBiquadFilter();
    shape.type = filter;
    shape.frequency.value = frequency;
    shape.Q.value = q;
    const gain = this.context.createGain();
    gain.gain.value = 0;
    source.connect(shape).connect(gain).connect(this.out);
    source.start();
    return { gain, filter: shape };
  }

  /** Something rendered before, once. */
  play(buffer: AudioBuffer, loud: number): void {
    const source = this.context.createBufferSource();
    const gain = this.context.createGain();
    source.buffer = buffer;
    gain.gain.value = loud;
    source.connect(gain).connect(this.out);
    source.start();
  }

  /** A struck tone that dies away. */
  tone(
    frequency: number,
    seconds: number,
    loud: number,
    type: OscillatorType = "sine",
    delay = 0,
  ): void {
    const at = this.context.currentTime + delay;
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    oscillator.type = type;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loud, at + 0.008);
    gain.gain.exponentialRampToValueAtTime(0.0005, at + seconds);
    oscillator.connect(gain).connect(this.out);
    oscillator.start(at);
    oscillator.stop(at + seconds + 0.05);
  }

  /** A burst of filtered noise that sweeps from one pitch to another. */
  burst(from: number, to: number, seconds: number, loud: number): void {
    const at = this.context.currentTime;
    const source = this.context.createBufferSource();
    source.buffer = this.noise;
    const filter = this.context.createBiquadFilter();
    filter.type = "bandpass";
    filter.Q.value = 0.8;
    filter.frequency.setValueAtTime(from, at);
    filter.frequency.exponentialRampToValueAtTime(to, at + seconds);
    const gain = this.context.createGain();
    gain.gain.setValueAtTime(loud, at);
    gain.gain.exponentialRampToValueAtTime(0.0005, at + seconds);
    source.connect(filter).connect(gain).connect(this.out);
    source.start(at, Math.random());
    source.stop(at + seconds);
  }
}
