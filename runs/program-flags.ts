import { resolve } from "node:path";
import type { DataPaths } from "../lib/paths.js";
import { shellQuoted } from "../monitoring/shell-quoted.js";

/** The flags that a command copied from a page or a message needs to reach the same data, with a blank before. */
export function programFlags(paths: DataPaths, configDir: string | null): string {
  const data = paths.root === resolve("data") ? "" : ` --data-dir ${shellQuoted(paths.root)}`;
  return configDir === null ? data : `${data} --config-dir ${shellQuoted(configDir)}`;
}
