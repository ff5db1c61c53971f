// Bundles every js/NAME.js into static/dist/NAME.js. The output is committed, so a server never needs node; it is the
// same to the byte on every machine, so `bin/build-js && git diff --exit-code static/dist` tells whether it is current.
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entries = readdirSync(`${root}/js`).filter((name) => name.endsWith(".js"));

// Each by itself: an error in one leaves the others built, and the exit code still tells.
const results = await Promise.allSettled(
  entries.map((name) =>
    build({
      absWorkingDir: root,
      entryPoints: [`js/${name}`],
      outdir: "static/dist",
      bundle: true,
      format: "iife",
      target: "es2022",
      charset: "utf8",
      minify: true,
      legalComments: "inline",
      logLevel: "warning",
    }),
  ),
);
process.exitCode = results.some((result) => result.status === "rejected") ? 1 : 0;
