import type { Config } from "../core/config";
import { formatTime } from "../core/format";
import { make } from "../ui/dom";
import { icon } from "../ui/icons";
import type { WatchStrings } from "./strings";

/** Who drove where and how fast, and the way back. */
export function titlePlate(
  s: WatchStrings,
  config: Config,
  title: string,
  driver: string,
  timeMs: number,
): HTMLElement {
  const framed = window.parent !== window;
  return make(
    "header",
    { class: "w-head" },
    framed ? null : backLink(s, config.back),
    make(
      "div",
      { class: "w-title" },
      make("h1", {}, make("bdi", {}, driver)),
      make("p", {}, title, " · ", make("b", {}, formatTime(timeMs))),
    ),
  );
}

const backLink = (s: WatchStrings, href: string): HTMLElement =>
  make(
    "a",
    { class: "w-button", href, title: s.back },
    icon("back"),
    make("span", { class: "rg-hidden" }, s.back),
  );
