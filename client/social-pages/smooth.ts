/** Likes and follows without a new page; more posts at the end of those there are. */
import { inWords, read, say, type Answer } from "./say.js";
import { showPhotos } from "./viewer.js";

const shown: Record<string, (form: HTMLFormElement, answer: Answer) => void> = {
  like: showLike,
  follow: showFollow,
};

export function wireSmooth(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const show = shown[form.dataset.smooth ?? ""];
    if (!show || !(event.submitter instanceof HTMLButtonElement)) return;
    event.preventDefault();
    void send(form, event.submitter, show);
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-further]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void bring(link);
  });
  closeMenus();
}

async function send(
  form: HTMLFormElement,
  button: HTMLButtonElement,
  show: (form: HTMLFormElement, answer: Answer) => void,
): Promise<void> {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form, button),
      headers: { Accept: "application/json" },
    });
    const answer = await read(response);
    if (answer.sign_in) location.assign(answer.sign_in);
    else if (response.ok) {
      say("");
      show(form, answer);
    } else say(inWords(answer));
  } catch {
    // No network: the plain form says so in the browser's own words.
    const given = document.createElement("input");
    given.type = "hidden";
    given.name = button.name;
    given.value = button.value;
    form.append(given);
    form.submit();
  } finally {
    form.ariaBusy = null;
  }
}

function showLike(form: HTMLFormElement, answer: Answer): void {
  const button = form.querySelector("button");
  const count = form.querySelector("[data-count]");
  if (!button || !count) return;
  const isOn = answer.is_on === true;
  button.value = isOn ? "undo" : "do";
  button.ariaPressed = String(isOn);
  count.textContent = String(answer.count);
}

function showFollow(form: HTMLFormElement, answer: Answer): void {
  const button = form.querySelector("button");
  const label = form.querySelector("[data-label]");
  const state = String(answer.state);
  if (!button || !label) return;
  label.textContent = form.dataset[state] ?? "";
  button.value = state === "no" ? "do" : "undo";
  button.ariaPressed = String(state !== "no");
  button.classList.toggle("button-quiet", state !== "no");
  if (!form.closest(".page-head")) return;
  const followers = document.querySelector("[data-followers]");
  if (followers) followers.textContent = String(answer.count);
}

async function bring(link: HTMLAnchorElement): Promise<void> {
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  try {
    const response = await fetch(link.href);
    if (!response.ok) throw new Error(String(response.status));
    const more = new DOMParser().parseFromString(await response.text(), "text/html");
    const here = document.querySelector("[data-posts]");
    const there = more.querySelector("[data-posts]");
    if (!here || !there) throw new Error("no posts");
    const first = there.firstElementChild;
    here.append(...there.children);
    const further = more.querySelector(".further");
    if (further) link.closest(".further")?.replaceWith(further);
    else link.closest(".further")?.remove();
    showPhotos();
    // Whoever goes by keyboard goes on with the first that is new.
    first?.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
  } catch {
    location.assign(link.href);
  }
}

/** A small menu closes with Escape or a press elsewhere. */
function closeMenus(): void {
  const open = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll("details.more[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open())
      if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
