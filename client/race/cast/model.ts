import { SRGBColorSpace, Texture, type AnimationClip, type Object3D } from "three";
import { GLTFLoader, type GLTFParser } from "three/addons/loaders/GLTFLoader.js";

export interface Model {
  scene: Object3D;
  clips: AnimationClip[];
}

/** A picture as a texture; a fetch of a blob's address would need a wider policy of the page. */
export async function textureFrom(bytes: BlobPart): Promise<Texture> {
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }), {
    premultiplyAlpha: "none",
    colorSpaceConversion: "none",
  });
  const texture = new Texture(bitmap);
  texture.flipY = false;
  texture.colorSpace = SRGBColorSpace;
  texture.needsUpdate = true;
  return texture;
}

/** Reads the pictures inside a file without giving them addresses. */
function pictures(parser: GLTFParser) {
  return {
    name: "MOONGATE_pictures",
    async loadTexture(index: number): Promise<Texture> {
      const { textures, images } = parser.json as {
        textures: { source: number }[];
        images: { bufferView?: number }[];
      };
      const view = images[textures[index]!.source]?.bufferView;
      if (view === undefined) throw new Error("a picture lies outside the file");
      return textureFrom((await parser.getDependency("bufferView", view)) as ArrayBuffer);
    },
  };
}

export async function readRigged(bytes: ArrayBuffer): Promise<Model> {
  const loader = new GLTFLoader().register(pictures);
  const { scene, animations } = await loader.parseAsync(bytes, "");
  return { scene, clips: animations };
}
