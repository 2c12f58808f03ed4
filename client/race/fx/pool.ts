import {
  Color,
  InstancedMesh,
  Matrix4,
  Quaternion,
  Vector3,
  type BufferGeometry,
  type Material,
  type Scene,
} from "three";

interface Bit {
  age: number;
  life: number;
  at: Vector3;
  velocity: Vector3;
  size: number;
  grow: number;
  spin: number;
}

const HIDDEN = new Matrix4().makeScale(0, 0, 0);

/** Short-lived solid bits that grow and shrink away: one draw call, nothing made while driving. */
export class BitPool {
  private readonly mesh: InstancedMesh;
  private readonly bits: Bit[];
  private next = 0;
  private readonly matrix = new Matrix4();
  private readonly turn = new Quaternion();
  private readonly axis = new Vector3(0.4, 0.8, 0.45).normalize();
  private readonly size = new Vector3();

  constructor(
    scene: Scene,
    geometry: BufferGeometry,
    material: Material,
    count: number,
    private readonly gravity: number,
  ) {
    this.mesh = new InstancedMesh(geometry, material, count);
    this.mesh.frustumCulled = false;
    this.bits = Array.from({ length: count }, (_, i) => {
      this.mesh.setMatrixAt(i, HIDDEN);
      this.mesh.setColorAt(i, new Color(1, 1, 1));
      return {
        age: 1,
        life: 0,
        at: new Vector3(),
        velocity: new Vector3(),
        size: 0,
        grow: 0,
        spin: 0,
      };
    });
    scene.add(this.mesh);
  }

  emit(
    at: Vector3,
    velocity: Vector3,
    size: number,
    grow: number,
    life: number,
    colour: Color,
  ): void {
    const i = this.next;
    this.next = (this.next + 1) % this.bits.length;
    const bit = this.bits[i]!;
    bit.age = 0;
    bit.life = life;
    bit.at.copy(at);
    bit.velocity.copy(velocity);
    bit.size = size;
    bit.grow = grow;
    bit.spin = (i % 7) - 3;
    this.mesh.setColorAt(i, colour);
    this.mesh.instanceColor!.needsUpdate = true;
  }

  clear(): void {
    for (const bit of this.bits) bit.age = bit.life + 1;
  }

  frame(dt: number): void {
    let live = false;
    this.bits.forEach((bit, i) => {
      if (bit.life === 0) return;
      bit.age += dt;
      if (bit.age >= bit.life) {
        bit.life = 0;
        this.mesh.setMatrixAt(i, HIDDEN);
        live = true;
        return;
      }
      live = true;
      bit.velocity.y -= this.gravity * dt;
      bit.velocity.multiplyScalar(Math.exp(-2.2 * dt));
      bit.at.addScaledVector(bit.velocity, dt);
      const t = bit.age / bit.life;
      const swell = (bit.size + bit.grow * Math.sqrt(t)) * (t < 0.55 ? 1 : 1 - (t - 0.55) / 0.45);
      this.turn.setFromAxisAngle(this.axis, bit.spin + bit.age * bit.spin);
      this.mesh.setMatrixAt(i, this.matrix.compose(bit.at, this.turn, this.size.setScalar(swell)));
    });
    this.mesh.visible = live;
    if (live) this.mesh.instanceMatrix.needsUpdate = true;
  }
}
