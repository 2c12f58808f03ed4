/** Inputs of one kart as they were driven, two numbers a tick, growing as needed. */
export class Recording {
  private data = new Int32Array(2 * 60 * 240);
  ticks = 0;

  clear(): void {
    this.ticks = 0;
  }

  add(steer: number, buttons: number): void {
    if (2 * this.ticks + 2 > this.data.length) {
      const larger = new Int32Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[2 * this.ticks] = steer;
    this.data[2 * this.ticks + 1] = buttons;
    this.ticks++;
  }

  inputs(): Int32Array {
    return this.data.slice(0, 2 * this.ticks);
  }
}
