import "./css/game.css";
import { readConfig } from "./core/config";
import { start } from "./game";
import { Gate } from "./ui/gate";
import { stringsFor } from "./ui/strings";

/** Finds the page's `#race-app` and opens the game in it. */
async function boot(): Promise<void> {
  const root = document.querySelector<HTMLElement>("#race-app");
  if (!root) return;
  const config = readConfig(root, location, document.documentElement.lang);
  const strings = stringsFor(config.language);
  const gate = new Gate(root, strings, root.dataset["title"] ?? "Moongate", config.back);
  try {
    if (!document.createElement("canvas").getContext("webgl2"))
      throw new Error(strings.unsupported);
    await start(root, config, strings, gate);
  } catch (error) {
    gate.fail(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

void boot();
