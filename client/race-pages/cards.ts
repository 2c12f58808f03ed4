import { cardsOf } from "../race/core/cards";

/** Locks the cards that this browser has not driven past, and counts the others. */
export function lockCards(): void {
  const count = document.querySelector<HTMLElement>("[data-cards]");
  if (!count) return;
  const mine = cardsOf(count.dataset["cards"] ?? "");
  const cards = [...document.querySelectorAll<HTMLElement>("[data-card]")];
  let collected = 0;
  for (const card of cards) {
    const own = mine.has(card.dataset["card"] ?? "");
    collected += Number(own);
    card.classList.toggle("is-locked", !own);
    card.querySelector(".card-words")?.toggleAttribute("hidden", !own);
    card.querySelector(".card-locked")?.toggleAttribute("hidden", own);
  }
  count.textContent = (count.dataset["text"] ?? "")
    .replace("{count}", String(collected))
    .replace("{all}", String(cards.length));
}
