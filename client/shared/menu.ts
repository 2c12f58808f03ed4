/** The account menu closes with Escape or a press elsewhere. */
export function closeMenus(): void {
  const menu = document.querySelector<HTMLDetailsElement>("details.person");
  if (!menu) return;
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
