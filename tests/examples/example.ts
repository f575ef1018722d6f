import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { packageRoot } from "../../lib/paths.js";
import { type Ended, master } from "../pipeline/master.js";

/** A data folder for one example. */
export interface Example {
  readonly dataDir: string;
  /** Put a file of the test data below raw/<example>/; archives are unpacked as they are. */
  put(file: string, as?: string): void;
  run(...flags: readonly string[]): Promise<Ended>;
  remove(): void;
}

export function example(name: string): Example {
  const dataDir = mkdtempSync(join(tmpdir(), `gristmill-${name}-`));
  const raw = join(dataDir, "raw", name);
  mkdirSync(raw, { recursive: true });
  return {
    dataDir,
    put: (file, as = basename(file)) => {
      if (file.endsWith(".tar.gz")) {
        execFileSync("tar", ["-xzf", file, "-C", raw]);
        return;
      }
      mkdirSync(dirname(join(raw, as)), { recursive: true });
      copyFileSync(file, join(raw, as));
    },
    run: (...flags) =>
      master(dataDir, "--config-dir", join(packageRoot, "examples", name, "config"), ...flags),
    remove: () => rmSync(dataDir, { recursive: true }),
  };
}
