/** What the server writes before the worker: this version of the game. */
export interface Facts {
  version: string;
  language: string;
  /** Addresses of the game's files and of the first course's. */
  files: string[];
  pages: string[];
  /** The page shown where nothing else is kept. */
  offline: string;
  /** Folders: all pages of the race, the game's pages, the same for nobody, built files. */
  scope: string;
  play: string;
  shell: string;
  static: string;
}

const HASHED = /[.-][0-9a-zA-Z_-]{8,64}\.[a-z0-9]{2,5}$/;
const CLIENT = "/client/assets/";
const HEX = /\.[0-9a-f]{8,64}\.[a-z0-9]{2,5}$/;
const SLUG = /^([a-z0-9_-]{1,130})\/$/;

/** Whether a file's address names its content, so that it can never change. */
export function isHashed(url: string): boolean {
  const { pathname } = new URL(url, "https://moongate.invalid");
  return HEX.test(pathname) || (pathname.includes(CLIENT) && HASHED.test(pathname));
}

export const nameOf = (facts: Facts): string => `race-pages-${facts.version}`;

/** The page for nobody that stands in for a course's page; null for any other page. */
export function shellOf(facts: Facts, pathname: string): string | null {
  if (!pathname.startsWith(facts.play)) return null;
  const slug = SLUG.exec(pathname.slice(facts.play.length))?.[1];
  return slug ? `${facts.shell}${slug}/?lang=${facts.language}` : null;
}
