/** Leaves only those courses on the offline page that this device has kept. */
export async function listKept(): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-offline]");
  if (!list) return;
  let kept = 0;
  for (const item of list.querySelectorAll<HTMLElement>("[data-shell]")) {
    const found = await caches.match(item.dataset["shell"] ?? "", { ignoreVary: true });
    item.hidden = found === undefined;
    kept += Number(found !== undefined);
  }
  document.querySelector("[data-none]")?.toggleAttribute("hidden", kept > 0);
}
