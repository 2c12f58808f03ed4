/** A photo's blurhash (github.com/woltapp/blurhash, Algorithm.md) as pixels: the blur to come. */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
const LONGEST_PX = 32;

type Colour = [number, number, number];

/** RGBA bytes of width × height px, or null for what is no blurhash. */
export function decodeBlurhash(
  hash: string,
  width: number,
  height: number,
): Uint8ClampedArray<ArrayBuffer> | null {
  if (hash.length < 6 || [...hash].some((sign) => !DIGITS.includes(sign))) return null;
  const across = (number(hash, 0, 1) % 9) + 1;
  const down = Math.floor(number(hash, 0, 1) / 9) + 1;
  if (hash.length !== 4 + 2 * across * down) return null;
  const most = (number(hash, 1, 2) + 1) / 166;
  const parts: Colour[] = [average(number(hash, 2, 6))];
  for (let at = 6; at < hash.length; at += 2) parts.push(wave(number(hash, at, at + 2), most));

  const pixels = new Uint8ClampedArray(width * height * 4);
  const alongX = cosines(across, width);
  const alongY = cosines(down, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sum: Colour = [0, 0, 0];
      for (let j = 0; j < down; j++) {
        for (let i = 0; i < across; i++) {
          const weight = alongX[i * width + x]! * alongY[j * height + y]!;
          const part = parts[j * across + i]!;
          for (let k = 0; k < 3; k++) sum[k]! += part[k]! * weight;
        }
      }
      const at = 4 * (y * width + x);
      for (let k = 0; k < 3; k++) pixels[at + k] = toSrgb(sum[k]!);
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}

/** The blur as an address to draw, in the photo's proportions; empty for what is no blurhash. */
export function blurOf(image: HTMLImageElement): string {
  const [wide, high] = [Number(image.getAttribute("width")), Number(image.getAttribute("height"))];
  const scale = LONGEST_PX / Math.max(wide, high, 1);
  const width = Math.max(1, Math.round(wide * scale));
  const height = Math.max(1, Math.round(high * scale));
  const pixels = decodeBlurhash(image.dataset.blurhash ?? "", width, height);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!pixels || !pen) return "";
  canvas.width = width;
  canvas.height = height;
  pen.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas.toDataURL();
}

function number(hash: string, from: number, to: number): number {
  let value = 0;
  for (const sign of hash.slice(from, to)) value = value * DIGITS.length + DIGITS.indexOf(sign);
  return value;
}

/** The average colour: 24 bits of sRGB, made linear. */
function average(bits: number): Colour {
  return [toLinear(bits >> 16), toLinear((bits >> 8) & 255), toLinear(bits & 255)];
}

/** A wave's strength in each colour: three numbers of 19 steps about 0, squared. */
function wave(bits: number, most: number): Colour {
  const strength = (step: number): number => {
    const share = (step - 9) / 9;
    return Math.sign(share) * share * share * most;
  };
  return [
    strength(Math.floor(bits / 361)),
    strength(Math.floor(bits / 19) % 19),
    strength(bits % 19),
  ];
}

/** cos(π · part · at / length) of each part, one after another. */
function cosines(parts: number, length: number): Float64Array {
  const table = new Float64Array(parts * length);
  for (let part = 0; part < parts; part++) {
    for (let at = 0; at < length; at++) {
      table[part * length + at] = Math.cos((Math.PI * part * at) / length);
    }
  }
  return table;
}

/** IEC 61966-2-1. */
function toLinear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function toSrgb(linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  return 255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);
}
