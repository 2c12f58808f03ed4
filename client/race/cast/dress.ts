import {
  BufferGeometry,
  Matrix4,
  MeshLambertMaterial,
  SkinnedMesh,
  Uint16BufferAttribute,
  Uint32BufferAttribute,
  type Material,
  type MeshStandardMaterial,
  type Object3D,
  type Texture,
} from "three";

/** Where each region's corners stand in a mesh's index: the first, and how many. */
type Regions = Record<string, [start: number, count: number]>;

export interface Piece {
  model: Object3D;
  texture: Texture;
  hides: readonly string[];
}

export function skinnedOf(root: Object3D): SkinnedMesh {
  let found: SkinnedMesh | null = null;
  root.traverse((object) => {
    if (object instanceof SkinnedMesh) found ??= object;
  });
  if (!found) throw new Error("the model has no skinned mesh");
  return found;
}

/** Lit like the karts: matt, in the colours of its corners and its cloth. */
export function matt(mesh: SkinnedMesh, map: Texture | null): void {
  mesh.material = new MeshLambertMaterial({ vertexColors: true, map });
  mesh.frustumCulled = false;
}

export const clothOf = (mesh: { material: Material | Material[] }): Texture | null =>
  (mesh.material as MeshStandardMaterial).map ?? null;

/**
 * Puts pieces on a body. Every piece is cut for the common body and bound to the wearer's bones
 * and inverse binds, which stretch it; what lies under a piece is not drawn.
 */
export function dress(body: Object3D, pieces: readonly Piece[]): void {
  const skin = skinnedOf(body);
  matt(skin, null);
  skin.geometry = without(skin, new Set(pieces.flatMap(({ hides }) => hides)));
  for (const piece of pieces) {
    const cut = skinnedOf(piece.model);
    const others = pieces.filter((other) => other !== piece).flatMap(({ hides }) => hides);
    const mesh = new SkinnedMesh(without(cut, new Set(others)));
    matt(mesh, piece.texture);
    mesh.name = "piece";
    body.add(mesh);
    mesh.bind(skin.skeleton, new Matrix4());
  }
}

/** The same corners in an index without the hidden regions. */
function without(mesh: SkinnedMesh, hidden: ReadonlySet<string>): BufferGeometry {
  const index = mesh.geometry.index!;
  const kept: number[] = [];
  for (const [name, [start, count]] of Object.entries(regionsOf(mesh))) {
    if (hidden.has(name)) continue;
    for (let k = start; k < start + count; k++) kept.push(index.getX(k));
  }
  const out = new BufferGeometry();
  for (const [name, attribute] of Object.entries(mesh.geometry.attributes))
    out.setAttribute(name, attribute);
  const wide = index.array instanceof Uint32Array;
  out.setIndex(wide ? new Uint32BufferAttribute(kept, 1) : new Uint16BufferAttribute(kept, 1));
  return out;
}

function regionsOf(mesh: SkinnedMesh): Regions {
  const told = mesh.userData["regions"] as Regions | undefined;
  return told ?? { main: [0, mesh.geometry.index!.count] };
}
