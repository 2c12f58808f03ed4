/** The race's pages beside the game: their look. They need no script. */
import "./pages.css";
