/** The race's pages beside the game: their look, and what only this browser knows. */
import "./pages.css";
import { lockCards } from "./cards";
import { listKept } from "./offline";

lockCards();
void listKept();
