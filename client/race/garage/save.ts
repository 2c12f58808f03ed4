import { keepOutfit, type Outfit } from "../cast/outfit";
import { fill } from "../ui/strings";
import type { GarageStrings } from "./strings";

const csrfToken = (): string =>
  decodeURIComponent(/(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "");

/** Keeps an outfit in this browser, and with the server where it knows the person; says which. */
export async function saveOutfit(outfit: Outfit, url: string, s: GarageStrings): Promise<string> {
  keepOutfit(outfit);
  if (!url) return s.savedHere;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      credentials: "same-origin",
      body: JSON.stringify(outfit),
    });
    if (response.ok) return s.saved;
    const told = (await response.json().catch(() => ({}))) as { reason?: string };
    return fill(s.saveFailed, { reason: told.reason ?? `HTTP ${response.status}` });
  } catch (error) {
    return fill(s.saveFailed, { reason: error instanceof Error ? error.message : String(error) });
  }
}
