import { BoxGeometry, BufferAttribute, Color, Group, Mesh, SphereGeometry } from "three";
import {
  geometryOf,
  liveryOf,
  mainColours,
  thinnedTo,
  trianglesOf,
} from "../../../../client/race/render/bake";

function painted(geometry: BoxGeometry | SphereGeometry, hex: string): Mesh {
  const { r, g, b } = new Color(hex);
  const count = geometry.getAttribute("position").count;
  const colours = Float32Array.from({ length: 3 * count }, (_, i) => [r, g, b][i % 3]!);
  geometry.setAttribute("color", new BufferAttribute(colours, 3));
  return new Mesh(geometry);
}

/** A green body, a yellow coat, grey tyres apart. */
function model(): { root: Group; tyres: Group } {
  const root = new Group();
  root.position.set(50, 0, 0); // where the whole stands is not part of it
  const body = painted(new BoxGeometry(2, 0.5, 1), "#0f5a3c");
  body.position.y = 0.5;
  const coat = painted(new SphereGeometry(0.4, 24, 16), "#d9a43a");
  coat.position.y = 1.2;
  const tyres = new Group();
  tyres.add(painted(new BoxGeometry(0.5, 0.5, 0.5), "#222222"));
  root.add(body, coat, tyres);
  return { root, tyres };
}

test("triangles come in the axes of the whole, and a branch can be left out", () => {
  const { root, tyres } = model();
  const all = trianglesOf(root, () => false);
  const some = trianglesOf(root, (part) => part === tyres);
  expect(all.positions.length - some.positions.length).toBe(12 * 9);
  expect(Math.max(...all.positions)).toBeLessThan(2);
  expect(all.colours.length).toBe(all.positions.length);
});

test("thinning keeps to its bound, the outline and the colours", () => {
  const full = trianglesOf(model().root, () => false);
  const thin = thinnedTo(full, 120);
  expect(full.positions.length / 9).toBeGreaterThan(500);
  expect(thin.positions.length / 9).toBeLessThanOrEqual(120);
  expect(thin.positions.length / 9).toBeGreaterThan(30);
  expect(Math.max(...thin.positions)).toBeCloseTo(Math.max(...full.positions), 0);
  const known = new Set(mainColours(full).map(({ hue }) => hue));
  expect(mainColours(thin).every(({ hue }) => known.has(hue))).toBe(true);
  expect(thinnedTo(thin, 120)).toEqual(thin);
});

test("the two commonest strong colours are the livery; grey is none", () => {
  const full = trianglesOf(model().root, () => false);
  const mains = mainColours(full);
  const livery = liveryOf(full, mains);
  const corners = 12 * 3;
  const body = [...livery.slice(0, 2 * corners)];
  const tyres = [...livery.slice(-2 * corners)];
  expect(body.filter((_, i) => i % 2 === 0).every((share) => Math.abs(share - 1) < 0.01)).toBe(true);
  expect(body.filter((_, i) => i % 2 === 1).every((share) => share === 0)).toBe(true);
  expect(tyres.every((share) => share === 0)).toBe(true);
  expect(livery.filter((share, i) => i % 2 === 1 && share > 0).length).toBeGreaterThan(corners);
  expect(geometryOf(full, mains).getAttribute("livery").itemSize).toBe(2);
});
