import { defineConfig } from "vite";
export default defineConfig({ root: "/work/main/client", base: "/static/client/", publicDir: false, build: { outDir: "/tmp/h1/built/client", emptyOutDir: true, manifest: true, target: "es2022", assetsInlineLimit: 0, modulePreload: {polyfill:false}, rolldownOptions: { input: { site: "/work/main/client/shared/site.ts" } } } });
