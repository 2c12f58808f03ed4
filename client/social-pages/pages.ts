/** The social pages. They work without this; it makes them smoother. */
import "./pages.css";
import { wireComposers } from "./composer.js";
import { listen } from "./events.js";
import { wireMusic } from "./music.js";
import { wirePlayers } from "./player.js";
import { wireSmooth } from "./smooth.js";
import { wireViewer } from "./viewer.js";

wireSmooth();
wireComposers();
wireViewer();
wirePlayers();
wireMusic();
listen();
