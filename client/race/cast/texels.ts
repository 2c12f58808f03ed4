import { Color, SRGBColorSpace, type Texture } from "three";

/** Reads the colours of a texture on the processor. */
export class Texels {
  private readonly pixels: ImageData | null;
  private readonly colour = new Color();

  constructor(texture: Texture | null) {
    const image = texture?.image as ImageBitmap | HTMLCanvasElement | null | undefined;
    this.pixels = image ? pixelsOf(image) : null;
  }

  /** The colour at a place (linear); white where there is no texture. */
  at(u: number, v: number): Color {
    const { pixels, colour } = this;
    if (!pixels) return colour.setRGB(1, 1, 1);
    const x = Math.min(pixels.width - 1, Math.max(0, Math.floor(u * pixels.width)));
    const y = Math.min(pixels.height - 1, Math.max(0, Math.floor(v * pixels.height)));
    const k = 4 * (y * pixels.width + x);
    const [r = 0, g = 0, b = 0] = pixels.data.subarray(k, k + 3);
    return colour.setRGB(r / 255, g / 255, b / 255, SRGBColorSpace);
  }
}

function pixelsOf(image: ImageBitmap | HTMLCanvasElement): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.drawImage(image, 0, 0);
  return pen.getImageData(0, 0, image.width, image.height);
}
