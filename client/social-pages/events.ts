/** What is new, while the page is open: unread news and new posts. */
interface State {
  unread: number;
  new_posts: number;
}

export function listen(): void {
  const address = document.querySelector<HTMLElement>("[data-events]")?.dataset.events;
  if (!address || typeof EventSource === "undefined") return;
  let stream: EventSource | null = null;
  let first: State | null = null;
  const open = (): void => {
    if (stream) return;
    stream = new EventSource(address);
    stream.addEventListener("state", (event) => {
      const state = JSON.parse(event.data as string) as State;
      show(state, first ?? state);
      first ??= state;
    });
  };
  const close = (): void => {
    stream?.close();
    stream = null;
  };
  // A person has few streams; a page that nobody looks at, or that rests in the history, has none.
  const follow = (): void => (document.hidden ? close() : open());
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", close);
  addEventListener("pageshow", follow);
  follow();
}

function show(state: State, first: State): void {
  for (const mark of document.querySelectorAll<HTMLElement>("[data-unread]")) {
    mark.hidden = state.unread === 0;
    // The number stands first; a word for screen readers may follow it.
    if (mark.firstChild) mark.firstChild.textContent = String(state.unread);
  }
  reveal("[data-fresh]", state.new_posts > 0);
  reveal("[data-fresh-news]", state.unread > first.unread);
}

function reveal(which: string, isShown: boolean): void {
  const mark = document.querySelector<HTMLElement>(which);
  if (mark) mark.hidden = !isShown;
}
