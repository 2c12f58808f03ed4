/** Sliders over the plain fields: how bad it is, and how long it has gone on. */

const STEPS: [number, string][] = [
  [1, "hours"], [2, "hours"], [3, "hours"], [6, "hours"], [12, "hours"],
  [1, "days"], [2, "days"], [3, "days"], [5, "days"],
  [1, "weeks"], [2, "weeks"], [3, "weeks"], [6, "weeks"],
  [3, "months"], [6, "months"], [1, "years"], [2, "years"], [5, "years"], [10, "years"],
];

export function wireDegrees(turn: HTMLElement): void {
  const field = turn.querySelector<HTMLElement>("[data-degrees]");
  if (!field) return;
  const words = (field.dataset.words ?? "").split("|");
  const radios = [...field.querySelectorAll<HTMLInputElement>("input[type=radio]")];
  const told = document.createElement("output");
  told.className = "slider-told";
  const label = field.querySelector("legend")?.textContent ?? "";
  const slider = makeSlider(label, 10, 5, (at) => {
    const radio = radios[at];
    if (radio) radio.checked = true;
    told.textContent = `${at} · ${words[at] ?? ""}`;
    return `${at}: ${words[at] ?? ""}`;
  });
  field.classList.add("has-slider");
  field.prepend(told, slider);
}

export function wireSince(turn: HTMLElement): void {
  const field = turn.querySelector<HTMLElement>("[data-since]");
  const amount = field?.querySelector<HTMLInputElement>("[name=amount]");
  const unit = field?.querySelector<HTMLSelectElement>("[name=unit]");
  if (!field || !amount || !unit) return;
  const told = document.createElement("output");
  told.className = "slider-told";
  const slider = makeSlider(field.dataset.label ?? "", STEPS.length - 1, 6, (at) => {
    const step = STEPS[at] ?? [1, "days"];
    amount.value = String(step[0]);
    unit.value = step[1];
    const words = `${step[0]} ${unit.selectedOptions[0]?.textContent ?? ""}`;
    told.textContent = words;
    return words;
  });
  field.querySelector("legend")?.after(told, slider);
}

/** A slider from 0 to `most`; `show` tells a position and says it in words. */
function makeSlider(
  label: string,
  most: number,
  at: number,
  show: (at: number) => string,
): HTMLInputElement {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.className = "slider";
  slider.min = "0";
  slider.max = String(most);
  slider.value = String(at);
  slider.setAttribute("aria-label", label);
  const move = (): void => slider.setAttribute("aria-valuetext", show(slider.valueAsNumber));
  slider.addEventListener("input", move);
  move();
  return slider;
}
