import { mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "rolldown";
import { packageRoot } from "../../../lib/paths.js";

/** Compile a TypeScript entry with all that it imports, so that a plain `node` process can run it. */
export async function bundle(entry: string): Promise<{ readonly folder: string; readonly program: string }> {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  await build({
    input: entry,
    platform: "node",
    external: (id) => !id.startsWith(".") && !id.startsWith("/"),
    output: { dir: folder, format: "esm", entryFileNames: "driver.mjs", chunkFileNames: "[name]-[hash].mjs" },
    logLevel: "silent",
  });
  for (const name of ["node_modules", "package.json"])
    symlinkSync(join(packageRoot, name), join(folder, name));
  return { folder, program: join(folder, "driver.mjs") };
}
