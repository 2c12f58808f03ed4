/** Faults and answers of the server, shown where screen readers hear them. */

export interface Answer {
  reason?: string;
  mend?: string;
  sign_in?: string;
  [fact: string]: unknown;
}

const said = document.querySelector<HTMLElement>("[data-said]");

/** Shows a sentence, or with "" none. */
export function say(text: string): void {
  if (!said) return;
  said.textContent = text;
  said.hidden = text === "";
  if (text) said.scrollIntoView({ block: "nearest" });
}

/** What a refusal says to a person. */
export function inWords(answer: Answer): string {
  return [answer.reason, answer.mend].filter(Boolean).join(" ");
}

/** Reads JSON; an answer of any other kind is an empty one. */
export async function read(response: Response): Promise<Answer> {
  try {
    return (await response.json()) as Answer;
  } catch {
    return {};
  }
}
