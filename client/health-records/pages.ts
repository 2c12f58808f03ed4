/** Health records: their look. They work without a script. */
import "./pages.css";
