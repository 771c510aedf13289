// Measures what a page loads of this package, without the runtime: minified by esbuild, then gzip.
//
//     npm install --ignore-scripts --prefix packages/js
//     node packages/js/size.mjs
//
// Exit status 1 where an entry is over the limit, 2 without esbuild.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 15_000;
const ENTRIES = ["browser.js", "node.js", "core.js", "worker.js", "worker_thread.js"];
// What a bundler leaves of an entry for a page that replaces no spans.
const BUNDLES = [
  ...ENTRIES.map((entry) => [entry, `export * from "./src/${entry}"`]),
  ["load of browser.js", 'export { load } from "./src/browser.js"'],
];

let esbuild;
try {
  esbuild = await import("esbuild");
} catch {
  console.error("esbuild is not there; npm install --ignore-scripts --prefix packages/js");
  process.exit(2);
}
for (const [name, contents] of BUNDLES) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    external: ["onnxruntime-*", "node:*"],
    format: "esm",
    minify: true,
    target: "es2022",
    write: false,
  });
  const [{ contents: bundle }] = outputFiles;
  const packed = gzipSync(bundle, { level: 9 }).length;
  console.log(`${name}: ${bundle.length} bytes minified, ${packed} with gzip`);
  if (packed > LIMIT) {
    console.error(`${name} is over the limit of ${LIMIT} bytes`);
    process.exitCode = 1;
  }
}
