const SHAPES = {
  drift:
    '<path d="M5 25c3-7 8-9 13-9h6"/><path d="m19 10 6 6-6 6"/><path d="M4 12c2-3 5-4 8-4M6 18c1-1 2-2 4-2" opacity=".6"/>',
  nitro:
    '<path d="M12 6h8v4l3 4v12a2 2 0 0 1-2 2H11a2 2 0 0 1-2-2V14l3-4z"/><path d="m17 14-3 6h4l-3 6"/>',
  mini: '<path d="M16 4c6 5 6 13 0 19-6-6-6-14 0-19z"/><path d="M11 20l-4 6M21 20l4 6M16 24v5"/>',
  brake:
    '<circle cx="16" cy="16" r="10"/><circle cx="16" cy="16" r="3.5"/><path d="M16 6v4M16 22v4M6 16h4M22 16h4"/>',
  throttle: '<path d="m8 18 8-9 8 9"/><path d="m8 26 8-9 8 9"/>',
  left: '<path d="M20 6 9 16l11 10"/>',
  right: '<path d="m12 6 11 10-11 10"/>',
  pause: '<path d="M11 7v18M21 7v18"/>',
  play: '<path d="M10 6.500 25 16 10 25.500z"/>',
  restart: '<path d="M25 16a9 9 0 1 1-3-6.700"/><path d="M23 4v6h-6"/>',
  rescue: '<path d="M16 4v9"/><path d="M16 13a5 5 0 1 1-5 5"/><path d="M10 4h12"/>',
  sound: '<path d="M5 12v8h5l7 6V6l-7 6z"/><path d="M21 12c2 2 2 6 0 8M24 8c4 4 4 12 0 16"/>',
  muted: '<path d="M5 12v8h5l7 6V6l-7 6z"/><path d="m21 12 7 8M28 12l-7 8"/>',
  back: '<path d="M26 16H7"/><path d="m14 8-8 8 8 8"/>',
  trophy:
    '<path d="M10 5h12v8a6 6 0 0 1-12 0z"/><path d="M10 7H5c0 5 2 7 5 7M22 7h5c0 5-2 7-5 7M16 19v5M10 27h12"/>',
  ghost: '<path d="M7 27V14a9 9 0 0 1 18 0v13l-4-3-5 3-5-3z"/><path d="M13 14v1M19 14v1"/>',
  boost: '<path d="M18 3 8 18h7l-2 11 11-16h-7z"/>',
  full: '<path d="M6 12V6h6M20 6h6v6M26 20v6h-6M12 26H6v-6"/>',
  small: '<path d="M12 6v6H6M26 12h-6V6M20 26v-6h6M6 20h6v6"/>',
  own: '<path d="M18 6h8v8M26 6 15 17"/><path d="M13 8H8a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-5"/>',
  post: '<path d="M27 5 4 15l9 4 4 9z"/><path d="m13 19 14-14"/>',
} as const;

export type IconName = keyof typeof SHAPES;

/** An icon of ours, drawn with the colour of the text around it. */
export function icon(name: IconName): SVGSVGElement {
  const holder = document.createElement("template");
  holder.innerHTML = `<svg class="rg-icon" viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`;
  return holder.content.firstElementChild as SVGSVGElement;
}
