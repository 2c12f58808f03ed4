/*
 * The service worker of the race: it keeps the game and its courses on the device.
 *
 * Files whose names carry a hash never change, so they are taken from the cache. Pages are asked of
 * the network first; without one, the game's page for nobody in particular stands in. No answer
 * that was made for a person is ever kept: pages are fetched without cookies, and /api/ is left
 * alone.
 */
import { isHashed, nameOf, shellOf, type Facts } from "./rules";

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Telling extends Extendable {
  readonly data: unknown;
}
interface Worker {
  readonly MOONGATE: Facts;
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", hear: (event: Extendable) => void): void;
  addEventListener(kind: "fetch", hear: (event: Fetching) => void): void;
  addEventListener(kind: "message", hear: (event: Telling) => void): void;
}

const worker = self as unknown as Worker;
const facts = worker.MOONGATE;
const FILES = "race-files";
const MOST_FILES = 240;
const PATIENCE_MS = 6000;
const pagesCache = nameOf(facts);

/** A page as anybody would see it. */
const forNobody = (url: string): Request =>
  new Request(url, { credentials: "omit", cache: "no-cache", redirect: "error" });

async function keepPage(url: string): Promise<void> {
  const response = await fetch(forNobody(url));
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  await (await caches.open(pagesCache)).put(url, response);
}

async function keepFile(url: string): Promise<void> {
  const cache = await caches.open(FILES);
  if (isHashed(url) && (await cache.match(url))) return;
  const response = await fetch(url);
  if (response.ok) await cache.put(url, response);
  else throw new Error(`${url}: HTTP ${response.status}`);
}

/** Oldest first, so that what a player uses now stays. */
async function trim(): Promise<void> {
  const cache = await caches.open(FILES);
  const wanted = new Set(facts.files.map((file) => new URL(file, worker.location.origin).href));
  const others = (await cache.keys()).filter(({ url }) => !wanted.has(url));
  const over = others.slice(0, Math.max(0, others.length - MOST_FILES));
  await Promise.all(over.map((request) => cache.delete(request)));
}

/** Courses that an earlier version kept are kept by this one too. */
async function earlierShells(): Promise<string[]> {
  const found: string[] = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith("race-pages-") || name === pagesCache) continue;
    for (const { url } of await (await caches.open(name)).keys()) {
      const { pathname } = new URL(url);
      if (pathname.startsWith(facts.shell)) found.push(`${pathname}?lang=${facts.language}`);
    }
  }
  return found;
}

async function install(): Promise<void> {
  await Promise.all([...facts.files.map(keepFile), ...facts.pages.map(keepPage)]);
  // A course that is no more must not hold the new version up.
  await Promise.allSettled((await earlierShells()).map(keepPage));
}

async function activate(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith("race-pages-"));
  await Promise.all(names.filter((name) => name !== pagesCache).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function keepCourse(page: string, files: string[]): Promise<void> {
  const shell = shellOf(facts, page);
  const ours = new URL(facts.static, worker.location.origin).href;
  const own = files.filter((file) => file.startsWith(ours));
  await Promise.allSettled([...own.map(keepFile), ...(shell ? [keepPage(shell)] : [])]);
  await trim();
}

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(FILES);
  if (isHashed(request.url)) {
    const kept = await cache.match(request.url, { ignoreVary: true });
    if (kept) return kept;
    const fresh = await fetch(request);
    if (fresh.status === 200) await cache.put(request.url, fresh.clone());
    return fresh;
  }
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (fresh.status === 200) await cache.put(request.url, fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await cache.match(request.url, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(pagesCache);
    const shell = shellOf(facts, new URL(request.url).pathname);
    const kept =
      (shell && (await cache.match(shell, { ignoreVary: true }))) ||
      (await cache.match(facts.offline, { ignoreVary: true }));
    if (kept) return kept;
    throw error;
  }
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  const told = event.data as { kind?: unknown; page?: unknown; files?: unknown };
  if (told.kind === "skip") void worker.skipWaiting();
  if (told.kind === "keep" && typeof told.page === "string" && Array.isArray(told.files))
    event.waitUntil(keepCourse(told.page, told.files.filter((one) => typeof one === "string")));
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (url.pathname.startsWith(facts.static)) event.respondWith(file(request));
  else if (request.mode === "navigate" && url.pathname.startsWith(facts.scope))
    event.respondWith(page(request));
});
