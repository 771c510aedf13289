// Measures what a page loads of this package, without the runtime: minified by esbuild, then gzip.
//
//     npm install --ignore-scripts --prefix packages/js
//     node packages/js/size.mjs
//
// Exit status 1 where an entry is over the limit, 2 without esbuild.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 12_000;
const ENTRIES = ["browser.js", "node.js", "core.js", "worker.js", "worker_thread.js", "redact.js"];

let esbuild;
try {
  esbuild = await import("esbuild");
} catch {
  console.error("esbuild is not there; npm install --ignore-scripts --prefix packages/js");
  process.exit(2);
}
for (const entry of ENTRIES) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL(`src/${entry}`, import.meta.url))],
    bundle: true,
    external: ["onnxruntime-*", "node:*"],
    format: "esm",
    minify: true,
    target: "es2022",
    write: false,
  });
  const [{ contents }] = outputFiles;
  const packed = gzipSync(contents, { level: 9 }).length;
  console.log(`${entry}: ${contents.length} bytes minified, ${packed} with gzip`);
  if (packed > LIMIT) {
    console.error(`${entry} is over the limit of ${LIMIT} bytes`);
    process.exitCode = 1;
  }
}
