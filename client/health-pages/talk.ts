/** Sends an answer and shows what comes back, piece by piece; focus goes to what matters next. */
import { events } from "./stream.js";

const PATIENCE_MS = 8_000;

type Dress = (turn: HTMLElement) => void;

export function wireTalk(chat: HTMLElement, dress: Dress): void {
  const turn = chat.querySelector<HTMLElement>("[data-turn]");
  if (!turn) return;
  dress(turn);
  // Only a page that came as an answer moves the focus; the first one is read from its top.
  if (turn.querySelector("[data-alarm], [data-fault]")) focusOn(turn);
  warm(chat);
  chat.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-talk-form]")) return;
    if (turn.ariaBusy === "true") {
      event.preventDefault();
      return;
    }
    event.preventDefault();
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    void send({ chat, turn, form, button, dress });
  });
  // Ctrl+Enter sends what was written.
  chat.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (field instanceof HTMLTextAreaElement) field.form?.requestSubmit(firstButton(field.form));
  });
}

interface Sent {
  chat: HTMLElement;
  turn: HTMLElement;
  form: HTMLFormElement;
  button: HTMLButtonElement | null;
  dress: Dress;
}

async function send(sent: Sent): Promise<void> {
  const { chat, turn, form, button, dress } = sent;
  const body = new FormData(form, button);
  const waiting = document.createElement("div");
  waiting.className = "waiting";
  waiting.append(line("wait", chat.dataset.thinking ?? ""));
  turn.ariaBusy = "true";
  turn.after(waiting);
  const slow = setTimeout(() => waiting.replaceChildren(line("wait", chat.dataset.slow ?? "")), PATIENCE_MS);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "text/event-stream" },
    });
    for await (const told of events(response)) {
      if (told.event === "heard") {
        clearTimeout(slow);
        show(waiting, String(told.data.html));
        speak(chat, waiting);
      } else if (told.event === "page") {
        show(turn, String(told.data.html));
        turn.ariaBusy = null;
        pass(turn);
        dress(turn);
        focusOn(turn);
      } else if (told.event === "gone") {
        location.assign(String(told.data.again));
        return;
      }
    }
    if (turn.ariaBusy === "true") throw new Error("broken off");
  } catch (error) {
    turn.ariaBusy = null;
    if (error instanceof Error && error.message === "no stream") {
      plainly(form, button);
      return;
    }
    complain(turn, chat.dataset.broken ?? "");
  } finally {
    clearTimeout(slow);
    waiting.remove();
  }
}

/** Has the engine made while the person still thinks of their first words. */
function warm(chat: HTMLElement): void {
  const address = chat.dataset.ready;
  const token = document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
  if (!address || !token || chat.querySelector("[data-token]")) return;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token);
  // Whether it came does not matter: the first answer only takes longer.
  fetch(address, { method: "POST", body }).catch(() => undefined);
}

/** Our own server's page, as the templates wrote it; nothing else ever comes here. */
function show(place: HTMLElement, html: string): void {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  place.replaceChildren(...parsed.body.childNodes);
}

/** The new conversation into the form that changes the language. */
function pass(turn: HTMLElement): void {
  const token = turn.querySelector<HTMLInputElement>("[data-token]")?.value;
  const form = document.querySelector<HTMLFormElement>("form.language");
  if (!token || !form) return;
  let field = form.querySelector<HTMLInputElement>("[data-token]");
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = "talk";
    field.dataset.token = "";
    form.append(field);
    form.action = document.querySelector<HTMLElement>("[data-chat]")?.dataset.language ?? form.action;
  }
  field.value = token;
}

/** What was heard, for those who listen; an alarm and a question are read by their focus. */
function speak(chat: HTMLElement, from: HTMLElement): void {
  const place = chat.querySelector<HTMLElement>("[data-spoken]");
  if (place) place.textContent = from.textContent.replace(/\s+/g, " ").trim();
}

function focusOn(turn: HTMLElement): void {
  const fault = turn.querySelector<HTMLElement>("[aria-invalid]");
  const asked = fault ?? turn.querySelector<HTMLElement>("[data-asked]");
  if (!asked) return;
  asked.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const top = turn.querySelector("[data-fault], [data-alarm], .alarm-bar, .heard") ?? asked;
  top.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

function complain(turn: HTMLElement, words: string): void {
  turn.querySelector("[data-fault]")?.remove();
  const fault = line("said", words);
  fault.dataset.fault = "";
  fault.setAttribute("role", "alert");
  turn.prepend(fault);
  fault.scrollIntoView({ block: "nearest" });
}

/** The form as the browser itself sends it. */
function plainly(form: HTMLFormElement, button: HTMLButtonElement | null): void {
  if (button?.name) {
    const given = document.createElement("input");
    given.type = "hidden";
    given.name = button.name;
    given.value = button.value;
    form.append(given);
  }
  form.submit();
}

function firstButton(form: HTMLFormElement): HTMLButtonElement | null {
  return form.querySelector<HTMLButtonElement>("button[type=submit]");
}

function line(kind: string, words: string): HTMLParagraphElement {
  const made = document.createElement("p");
  made.className = kind;
  made.textContent = words;
  return made;
}
