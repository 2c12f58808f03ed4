/** A button beside each password shows what was typed, since one types it once. */
export function showPasswords(): void {
  const words = document.querySelector<HTMLElement>("[data-show-password]")?.dataset;
  if (!words) return;
  for (const input of document.querySelectorAll<HTMLInputElement>("input[type=password]")) {
    const wrap = document.createElement("div");
    wrap.className = "password";
    input.replaceWith(wrap);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.setAttribute("aria-controls", input.id);
    wrap.append(input, button);
    const name = (): void => {
      button.textContent = (input.type === "password" ? words.showPassword : words.hidePassword) ?? "";
    };
    button.addEventListener("click", () => {
      input.type = input.type === "password" ? "text" : "password";
      name();
    });
    name();
  }
}
