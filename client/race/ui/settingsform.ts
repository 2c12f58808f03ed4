import type { Settings, TouchScheme } from "../core/settings";
import type { SpeedUnit } from "../core/format";
import { make } from "./dom";
import type { Strings } from "./strings";

/** The choices a player has, as real form fields; `changed` is told after each. */
export function settingsForm(settings: Settings, s: Strings, changed: () => void): HTMLElement {
  const form = make("form", { class: "rg-settings" });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.append(
    choice<TouchScheme>(
      s.touchScheme,
      "touch",
      settings.touch,
      [
        ["one", s.schemeOne],
        ["two", s.schemeTwo],
        ["tilt", s.schemeTilt],
      ],
      (value) => {
        settings.touch = value;
        changed();
      },
    ),
    toggle(s.autoThrottle, settings.autoThrottle, (on) => {
      settings.autoThrottle = on;
      changed();
    }),
    choice<SpeedUnit>(
      s.units,
      "unit",
      settings.unit,
      [
        ["mph", "mph"],
        ["km/h", "km/h"],
      ],
      (value) => {
        settings.unit = value;
        changed();
      },
    ),
    slider(s.volume, settings.volume, (value) => {
      settings.volume = value;
      settings.muted = value === 0;
      changed();
    }),
    slider(s.musicVolume, settings.music, (value) => {
      settings.music = value;
      changed();
    }),
    toggle(s.interest, settings.interest, (on) => {
      settings.interest = on;
      changed();
    }),
    toggle(s.haptics, settings.haptics, (on) => {
      settings.haptics = on;
      changed();
    }),
  );
  return form;
}

export function choice<T extends string>(
  label: string,
  name: string,
  value: T,
  options: [T, string][],
  set: (value: T) => void,
): HTMLElement {
  const box = make("fieldset", { class: "rg-choice" }, make("legend", {}, label));
  const row = make("div", { class: "rg-choice-row" });
  for (const [key, text] of options) {
    const input = make("input", { type: "radio", name, value: key, class: "rg-hidden" });
    input.checked = key === value;
    input.addEventListener("change", () => set(key));
    row.append(make("label", {}, input, make("span", {}, text)));
  }
  box.append(row);
  return box;
}

function toggle(label: string, on: boolean, set: (on: boolean) => void): HTMLElement {
  const input = make("input", { type: "checkbox" });
  input.checked = on;
  input.addEventListener("change", () => set(input.checked));
  return make("label", { class: "rg-toggle" }, make("span", {}, label), input);
}

function slider(label: string, value: number, set: (value: number) => void): HTMLElement {
  const input = make("input", { type: "range", min: "0", max: "1", step: "0.05" });
  input.value = String(value);
  input.addEventListener("input", () => set(Number(input.value)));
  return make("label", { class: "rg-slider" }, make("span", {}, label), input);
}
