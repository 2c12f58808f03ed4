/** The figures of the body map: touching one chooses the part in the list beside them. */

export function wireBody(turn: HTMLElement): void {
  const radios = [...turn.querySelectorAll<HTMLInputElement>(".parts input[type=radio]")];
  const areas = [...turn.querySelectorAll<SVGPathElement>(".area")];
  const button = turn.querySelector<HTMLButtonElement>("[data-part-button]");
  if (radios.length === 0 || !button) return;
  const mark = (): void => {
    const chosen = radios.find((radio) => radio.checked)?.value;
    for (const area of areas) area.classList.toggle("area-chosen", area.dataset.part === chosen);
  };
  for (const radio of radios) radio.addEventListener("change", mark);
  for (const area of areas) {
    area.addEventListener("click", () => {
      const radio = radios.find((one) => one.value === area.dataset.part);
      if (!radio) return;
      radio.checked = true;
      mark();
      radio.form?.requestSubmit(button);
    });
  }
  mark();
}
