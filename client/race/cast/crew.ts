import { CanvasTexture, Mesh, SkinnedMesh, SRGBColorSpace, type Object3D, type Texture } from "three";
import { partsOf, seatRider, type KartParts } from "../render/kartparts";
import { clothOf } from "./dress";
import { figures, type CharacterFacts } from "./facts";
import { ownOutfit, type Outfit } from "./outfit";
import { Rider } from "./rider";
import { relivery, type Wardrobe } from "./wardrobe";

/** Where a livery's main colour lies in a kart's texture: its panels, and the first swatch. */
const PANELS_SHARE = 0.875;
const SWATCHES = 8;

/** Everybody else, in the edition's order beginning after the player's own. */
export function others(wardrobe: Wardrobe, outfit: Outfit): CharacterFacts[] {
  const people = figures(wardrobe.cast);
  const at = people.findIndex(({ slug }) => slug === outfit.character);
  return [...people.slice(at + 1), ...people.slice(0, Math.max(0, at))];
}

/** A kart with somebody at its wheel, ready for the road. */
export async function manned(wardrobe: Wardrobe, outfit: Outfit): Promise<KartParts> {
  const model = await wardrobe.kart(outfit.kart, outfit.wears);
  if (!model.getObjectByName("seat")) return partsOf(model);
  const figure = await wardrobe.person(outfit.character, outfit.wears);
  return seatRider(partsOf(model), new Rider(figure));
}

/** Somebody of the edition in their own clothes and kart, painted in one plain colour. */
export async function rival(
  wardrobe: Wardrobe,
  person: CharacterFacts,
  colour: string,
): Promise<KartParts> {
  const outfit = ownOutfit(wardrobe.cast, person);
  const parts = await manned(wardrobe, outfit);
  const cloth = firstCloth(parts.model);
  if (cloth) relivery(parts.model, plain(cloth, colour));
  return parts;
}

function firstCloth(kart: Object3D): Texture | null {
  let found: Texture | null = null;
  kart.traverse((object) => {
    if (object instanceof Mesh && !(object instanceof SkinnedMesh)) found ??= clothOf(object);
  });
  return found;
}

/** A livery's texture with one colour where its main cloth was. */
function plain(cloth: Texture, colour: string): Texture {
  const image = cloth.image as ImageBitmap;
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  const pen = canvas.getContext("2d")!;
  pen.drawImage(image, 0, 0);
  pen.fillStyle = colour;
  const low = image.height * PANELS_SHARE;
  pen.fillRect(0, 0, image.width, low);
  pen.fillRect(0, low, image.width / SWATCHES, image.height - low);
  const texture = new CanvasTexture(canvas);
  texture.flipY = false;
  texture.colorSpace = SRGBColorSpace;
  return texture;
}
