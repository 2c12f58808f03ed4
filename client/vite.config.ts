import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "/static/client/",
  publicDir: false,
  build: {
    outDir: here("../src/moongate/built/client"),
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    cssTarget: "es2022",
    // The pages' Content-Security-Policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        site: here("./shared/site.ts"),
        race: here("./race/main.ts"),
        watch: here("./race/watch.ts"),
        raceGarage: here("./race/garage/garage.ts"),
        raceGallery: here("./race/gallery/gallery.ts"),
        raceMusic: here("./race/audio/music/render.ts"),
        raceWorker: here("./race/sw/worker.ts"),
        racePages: here("./race-pages/pages.ts"),
        socialPages: here("./social-pages/pages.ts"),
        healthPages: here("./health-pages/pages.ts"),
        healthRecords: here("./health-records/pages.ts"),
      },
    },
  },
  test: {
    dir: here("../tests/client"),
    include: ["**/*.test.ts"],
    environment: "node",
    globals: true,
    isolate: false,
    watch: false,
  },
});
