import { existsSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type GenerateOptions, generatedPaths } from "./generate.js";

export type SampleState =
  | { readonly kind: "absent" }
  | { readonly kind: "complete" }
  | { readonly kind: "other"; readonly path: string };

/** Whether a folder holds just what a generation would write (marks of finished files aside). */
export function sampleState(options: GenerateOptions): SampleState {
  const wanted = new Set(generatedPaths(options));
  if (!existsSync(options.out)) return { kind: "absent" };
  let found = 0;
  for (const entry of readdirSync(options.out, { recursive: true, withFileTypes: true })) {
    const path = relative(options.out, join(entry.parentPath, entry.name)).split(sep).join("/");
    if (entry.isDirectory() || path.endsWith(".done")) continue;
    if (!wanted.has(path)) return { kind: "other", path };
    found += 1;
  }
  return { kind: found === wanted.size ? "complete" : "absent" };
}
