/** What every page of the site loads: its look, and the few things that need a script. */
import "./css/tokens.css";
import "./css/base.css";
import "./css/frame.css";
import "./css/forms.css";
import "./css/home.css";
import "./css/gate.css";
import { openGates } from "./gate.js";
import { closeMenus } from "./menu.js";
import { wirePasskeys } from "./passkeys.js";
import { showPasswords } from "./password.js";
import { switchTheme } from "./theme.js";

openGates();
switchTheme();
closeMenus();
showPasswords();
wirePasskeys();
