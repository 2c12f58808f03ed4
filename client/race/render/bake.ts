import {
  BufferAttribute,
  BufferGeometry,
  Color,
  Matrix4,
  Mesh,
  Vector3,
  type Object3D,
  type Texture,
} from "three";
import { Texels } from "../cast/texels";

const WHITE = new Color(1, 1, 1);

/** Loose triangles: nine numbers each, and a colour for each corner (linear). */
export interface Triangles {
  positions: number[];
  colours: number[];
}

/** Every triangle of the meshes below `root`, in the axes of `root`; `skip` leaves a branch out. */
export function trianglesOf(root: Object3D, skip: (object: Object3D) => boolean): Triangles {
  root.updateMatrixWorld(true);
  const toRoot = new Matrix4().copy(root.matrixWorld).invert();
  const out: Triangles = { positions: [], colours: [] };
  const visit = (object: Object3D): void => {
    if (object !== root && skip(object)) return;
    if (object instanceof Mesh) append(out, object, toRoot);
    object.children.forEach(visit);
  };
  visit(root);
  return out;
}

function append(out: Triangles, mesh: Mesh, toRoot: Matrix4): void {
  const geometry = mesh.geometry as BufferGeometry;
  const at = geometry.getAttribute("position");
  const colour = geometry.getAttribute("color");
  const uv = geometry.getAttribute("uv");
  const { map = null } = mesh.material as { map?: Texture | null };
  const texels = map && uv ? new Texels(map) : null;
  const index = geometry.index;
  const matrix = new Matrix4().multiplyMatrices(toRoot, mesh.matrixWorld);
  const point = new Vector3();
  const plain = (mesh.material as { color?: Color }).color ?? new Color(1, 1, 1);
  const count = index ? index.count : at.count;
  for (let k = 0; k < count; k++) {
    const i = index ? index.getX(k) : k;
    // Where a skinned corner is depends on the bones.
    mesh.getVertexPosition(i, point).applyMatrix4(matrix);
    out.positions.push(point.x, point.y, point.z);
    const cloth = texels ? texels.at(uv!.getX(i), uv!.getY(i)) : WHITE;
    if (colour)
      out.colours.push(
        colour.getX(i) * cloth.r,
        colour.getY(i) * cloth.g,
        colour.getZ(i) * cloth.b,
      );
    else out.colours.push(plain.r * cloth.r, plain.g * cloth.g, plain.b * cloth.b);
  }
}

/** Fewer triangles: corners in one cell of `cell` metres become one, and what is flat goes. */
export function thinned({ positions, colours }: Triangles, cell: number): Triangles {
  const sums = new Map<string, [number, number, number, number]>();
  const key = (k: number): string =>
    `${Math.round(positions[k]! / cell)},${Math.round(positions[k + 1]! / cell)},${Math.round(positions[k + 2]! / cell)}`;
  for (let k = 0; k < positions.length; k += 3) {
    const sum = sums.get(key(k)) ?? [0, 0, 0, 0];
    sums.set(key(k), sum);
    for (let axis = 0; axis < 3; axis++) sum[axis]! += positions[k + axis]!;
    sum[3]++;
  }
  const out: Triangles = { positions: [], colours: [] };
  const seen = new Set<string>();
  for (let t = 0; t < positions.length; t += 9) {
    const corners = [key(t), key(t + 3), key(t + 6)];
    const face = [...corners].sort().join(";");
    if (new Set(corners).size < 3 || seen.has(face)) continue;
    seen.add(face);
    corners.forEach((corner, c) => {
      const sum = sums.get(corner)!;
      out.positions.push(sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]);
      for (let channel = 0; channel < 3; channel++)
        out.colours.push(colours[t + 3 * c + channel]!);
    });
  }
  return out;
}

const LEAST_CELL_M = 0.06;
const CELL_GROWTH = 1.15;

/** Thinned until at most `most` triangles are left. */
export function thinnedTo(full: Triangles, most: number): Triangles {
  let thin = full;
  for (let cell = LEAST_CELL_M; thin.positions.length / 9 > most; cell *= CELL_GROWTH)
    thin = thinned(full, cell);
  return thin;
}

const SAME_HUE = 0.06;
const LEAST_SATURATION = 0.25;

interface Shade {
  h: number;
  s: number;
  l: number;
}

function shadeAt(colours: number[], k: number): Shade {
  const shade = { h: 0, s: 0, l: 0 };
  return new Color(colours[k]!, colours[k + 1]!, colours[k + 2]!).getHSL(shade);
}

/**
 * The livery, two numbers a corner: how bright it is beside the first of the main colours, and
 * beside the second; 0 where it is neither.
 */
export function liveryOf({ positions, colours }: Triangles, mains: Main[]): Float32Array {
  const livery = new Float32Array((positions.length / 3) * 2);
  for (let k = 0; k < positions.length / 3; k++) {
    const { h, s, l } = shadeAt(colours, 3 * k);
    if (s < LEAST_SATURATION) continue;
    const which = mains.slice(0, 2).findIndex(({ hue }) => hueApart(h, hue) < SAME_HUE);
    if (which >= 0) livery[2 * k + which] = l / mains[which]!.light;
  }
  return livery;
}

const hueApart = (a: number, b: number): number => Math.min(Math.abs(a - b), 1 - Math.abs(a - b));

/** A strong colour of a model: its hue (0 … 1) and its mean lightness. */
export interface Main {
  hue: number;
  light: number;
}

/** Strong colours by the area they cover, the largest first. */
export function mainColours({ positions, colours }: Triangles): Main[] {
  const areas = new Map<number, { area: number; light: number }>();
  const [a, b, origin] = [new Vector3(), new Vector3(), new Vector3()];
  for (let t = 0; t < positions.length; t += 9) {
    const { h, s, l } = shadeAt(colours, t);
    if (s < LEAST_SATURATION) continue;
    origin.fromArray(positions, t);
    a.fromArray(positions, t + 3).sub(origin);
    b.fromArray(positions, t + 6).sub(origin);
    const area = a.cross(b).length() / 2;
    const slot = Math.round(h / SAME_HUE);
    const sum = areas.get(slot) ?? { area: 0, light: 0 };
    areas.set(slot, { area: sum.area + area, light: sum.light + area * l });
  }
  return [...areas]
    .sort((x, y) => y[1].area - x[1].area)
    .map(([slot, { area, light }]) => ({ hue: slot * SAME_HUE, light: light / area || 1 }));
}

/** Triangles as a flat-shaded geometry with `color` and `livery`. */
export function geometryOf(triangles: Triangles, mains: Main[]): BufferGeometry {
  const geometry = new BufferGeometry();
  const floats = (numbers: ArrayLike<number>, size: number): BufferAttribute =>
    new BufferAttribute(Float32Array.from(numbers), size);
  geometry.setAttribute("position", floats(triangles.positions, 3));
  geometry.setAttribute("color", floats(triangles.colours, 3));
  geometry.setAttribute("livery", floats(liveryOf(triangles, mains), 2));
  geometry.computeVertexNormals();
  return geometry;
}
