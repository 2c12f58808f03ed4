// Runs Khronos' glTF validator over every .glb below the folders given.
// Prints one JSON object: { files, issues: [{ file, severity, code, message, pointer }] }.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { validateBytes } from "gltf-validator";

const SEVERITY = ["error", "warning", "information", "hint"];

function* models(path) {
  if (!statSync(path).isDirectory()) {
    if (path.endsWith(".glb")) yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) yield* models(join(path, name));
}

const issues = [];
let files = 0;
for (const file of process.argv.slice(2).flatMap((top) => [...models(top)])) {
  files += 1;
  const report = await validateBytes(new Uint8Array(readFileSync(file)), {
    uri: file,
    maxIssues: 100,
    // A model of ours is whole in itself.
    externalResourceFunction: (uri) => Promise.reject(new Error(`external resource ${uri}`)),
  });
  for (const { severity, code, message, pointer } of report.issues.messages) {
    issues.push({ file, severity: SEVERITY[severity], code, message, pointer });
  }
}
console.log(JSON.stringify({ files, issues }));
