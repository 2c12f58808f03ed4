import "../css/gallery.css";
import { costumeOf, figures } from "../cast/facts";
import { Wardrobe } from "../cast/wardrobe";
import { castOf, fetchEdition } from "../core/edition";
import { Photographer, type Angle } from "../garage/photographer";
import { PlaceCamera, type Shot } from "./places";
import { listenTo } from "./listen";

const PICTURE_PIXELS = 400;
const AHEAD = "300px"; // pictures are taken a little before they are seen

declare global {
  interface Window {
    /** Takes pictures for whoever watches from outside: how many triangles each of them drew. */
    moongateGallery?: {
      readonly drawn: number;
      sheet(kind: "person" | "piece" | "kart", slug: string, turns: number[]): Promise<Sheet>;
      place(track: string, views: number): Promise<Sheet>;
    };
  }
}

interface Sheet {
  pictures: string[];
  triangles: number[];
}

/** Finds the page's `#race-gallery` and draws its pictures as they come into view. */
async function boot(): Promise<void> {
  const root = document.querySelector<HTMLElement>("#race-gallery");
  if (!root || !document.createElement("canvas").getContext("webgl2")) return;
  const { index, base } = await fetchEdition(root.dataset["edition"] ?? "");
  const wardrobe = new Wardrobe(castOf(index, base));
  const camera = new Photographer(wardrobe, PICTURE_PIXELS);
  const places = new PlaceCamera(index, base);
  let drawn = 0;
  const take = async (canvas: HTMLCanvasElement): Promise<void> => {
    const { kind = "", slug = "", way = "" } = canvas.dataset;
    if (kind === "place") return void onto(canvas, (await places.shoot(slug, 1))[0]);
    await shoot(camera, wardrobe, kind, slug, way, canvas);
  };
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        // A picture that cannot be taken leaves its frame empty; the words stand beside it.
        void take(target as HTMLCanvasElement).then(() => void drawn++, () => undefined);
      }
    },
    { rootMargin: AHEAD },
  );
  for (const canvas of root.querySelectorAll("canvas[data-kind]:not([data-kind=place])"))
    seen.observe(canvas);
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-look]")) {
    const canvas = button.parentElement!.querySelector("canvas")!;
    button.hidden = false;
    button.addEventListener("click", () => {
      button.disabled = true;
      void take(canvas).then(
        () => {
          button.hidden = true;
          canvas.classList.add("is-taken");
        },
        () => void (button.disabled = false),
      );
    });
  }
  listenTo(root, index, base);
  window.moongateGallery = Object.freeze({
    get drawn() {
      return drawn;
    },
    async sheet(kind: "person" | "piece" | "kart", slug: string, turns: number[]) {
      const out: Sheet = { pictures: [], triangles: [] };
      for (const turn of turns) {
        const canvas = document.createElement("canvas");
        await shoot(camera, wardrobe, kind, slug, "", canvas, { turn, rise: 0.16 });
        out.pictures.push(canvas.toDataURL());
        out.triangles.push(camera.triangles);
      }
      return out;
    },
    async place(track: string, views: number) {
      const shots = await places.shoot(track, views);
      return {
        pictures: shots.map(({ picture }) => picture.toDataURL("image/jpeg", 0.9)),
        triangles: shots.map(({ triangles }) => triangles),
      };
    },
  });
}

function shoot(
  camera: Photographer,
  wardrobe: Wardrobe,
  kind: string,
  slug: string,
  way: string,
  canvas: HTMLCanvasElement,
  angle?: Angle,
): Promise<void> {
  const { cast } = wardrobe;
  if (kind === "person") {
    const person = figures(cast).find((each) => each.slug === slug);
    if (person) return camera.person(slug, person.wears ?? {}, canvas, angle);
  }
  const kart = cast.karts.find((each) => each.slug === slug);
  if (kind === "kart" && kart) return camera.kart(kart, {}, canvas, angle);
  const costume = costumeOf(cast, slug);
  if (!costume) return Promise.reject(new Error(`nothing here is called ${slug}`));
  const colourway = way || costume.colourways[0]!.slug;
  if (costume.model) return camera.piece(costume, colourway, canvas, angle);
  // A livery is seen on a kart that can wear one.
  const wearer = cast.karts.find(({ seat }) => seat) ?? cast.karts[0]!;
  return camera.kart(wearer, { kart: [costume.slug, colourway] }, canvas, angle);
}

function onto(canvas: HTMLCanvasElement, shot: Shot | undefined): void {
  if (!shot) return;
  canvas.width = shot.picture.width;
  canvas.height = shot.picture.height;
  canvas.getContext("2d")!.drawImage(shot.picture, 0, 0);
}

void boot();
