import { Mesh, SkinnedMesh, type MeshStandardMaterial, type Object3D, type Texture } from "three";
import { clone } from "three/addons/utils/SkeletonUtils.js";
import { clothOf, dress, matt, skinnedOf } from "./dress";
import { costumeOf, figures, SLOTS, type Cast, type CharacterFacts, type CostumeFacts, type Wears } from "./facts";
import { Figure } from "./figure";
import { readRigged, textureFrom, type Model } from "./model";
import { isOwn } from "./outfit";

export type Fetch = (url: string) => Promise<ArrayBuffer>;

export async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return response.arrayBuffer();
}

/** Fetches only what is worn, each file once, and puts it together. */
export class Wardrobe {
  private readonly models = new Map<string, Promise<Model>>();
  private readonly textures = new Map<string, Promise<Texture>>();

  constructor(
    readonly cast: Cast,
    private readonly fetched: Fetch = fetchBytes,
  ) {}

  /** A person in their own clothes is one mesh; in others', one for the body and one a piece. */
  async person(slug: string, wears: Wears): Promise<Figure> {
    const facts = figures(this.cast).find((person) => person.slug === slug);
    if (!facts) throw new Error(`the edition ${this.cast.edition} has no figure of ${slug}`);
    return isOwn(wears, facts) ? this.dressed(facts) : this.redressed(facts, wears);
  }

  private async dressed(facts: CharacterFacts): Promise<Figure> {
    const { scene, clips } = await this.model(facts.model!);
    const root = clone(scene);
    const mesh = skinnedOf(root);
    matt(mesh, clothOf(mesh));
    return new Figure(root, clips);
  }

  private async redressed(facts: CharacterFacts, wears: Wears): Promise<Figure> {
    const worn = SLOTS.flatMap((slot) => {
      const [piece, way] = wears[slot] ?? ["", ""];
      const costume = slot === "kart" ? undefined : costumeOf(this.cast, piece);
      return costume?.model ? [{ costume, way, model: costume.model }] : [];
    });
    const [{ scene, clips }, ...pieces] = await Promise.all([
      this.model(facts.body!),
      ...worn.map(async ({ costume, way, model }) => ({
        model: (await this.model(model)).scene,
        texture: await this.colourway(costume, way),
        hides: costume.hides,
      })),
    ]);
    const root = clone(scene);
    dress(root, pieces);
    return new Figure(root, clips);
  }

  /** A piece alone, on the common body, for its picture. */
  async piece(costume: CostumeFacts, way: string): Promise<Object3D> {
    const root = clone((await this.model(costume.model!)).scene);
    matt(skinnedOf(root), await this.colourway(costume, way));
    return root;
  }

  /** A kart in its own colours, or in a livery of the wardrobe. */
  async kart(slug: string, wears: Wears): Promise<Object3D> {
    const facts = this.cast.karts.find((kart) => kart.slug === slug) ?? this.cast.karts[0];
    if (!facts) throw new Error(`the edition ${this.cast.edition} has no kart`);
    const kart = (await this.model(facts.model)).scene.clone(true);
    const [piece, way] = wears.kart ?? ["", ""];
    const livery = costumeOf(this.cast, piece);
    if (livery?.slot === "kart") relivery(kart, await this.colourway(livery, way));
    return kart;
  }

  private colourway(costume: CostumeFacts, way: string): Promise<Texture> {
    const { texture } = costume.colourways.find(({ slug }) => slug === way) ?? costume.colourways[0]!;
    let found = this.textures.get(texture);
    if (!found) {
      found = this.fetched(this.cast.url(texture)).then(textureFrom);
      this.textures.set(texture, found);
    }
    return found;
  }

  private model(path: string): Promise<Model> {
    let found = this.models.get(path);
    if (!found) {
      found = this.fetched(this.cast.url(path)).then(readRigged);
      this.models.set(path, found);
      // What failed may be asked for again.
      found.catch(() => this.models.delete(path));
    }
    return found;
  }
}

/** Paints a kart with another livery; one without a texture keeps its paint. */
export function relivery(kart: Object3D, texture: Texture): void {
  kart.traverse((object) => {
    if (!(object instanceof Mesh) || object instanceof SkinnedMesh || !clothOf(object)) return;
    const material = (object.material as MeshStandardMaterial).clone();
    material.map = texture;
    object.material = material;
  });
}
