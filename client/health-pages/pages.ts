/** The health chat. It works without this; this streams the replies and makes answers easier. */
import "./pages.css";
import { wireBody } from "./body.js";
import { wireDegrees, wireSince } from "./sliders.js";
import { wireTalk } from "./talk.js";

const chat = document.querySelector<HTMLElement>("[data-chat]");
if (chat) {
  const dress = (turn: HTMLElement): void => {
    wireBody(turn);
    wireDegrees(turn);
    wireSince(turn);
    wirePrint(turn);
  };
  wireTalk(chat, dress);
}

function wirePrint(turn: HTMLElement): void {
  const button = turn.querySelector<HTMLButtonElement>("[data-print]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => print());
}
