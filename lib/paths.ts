import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json: SQL, templates and default configuration are read from there. */
export const packageRoot: string = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${from}`);
    folder = parent;
  }
  return folder;
}

/** Absolute paths of everything in a data folder. */
export interface DataPaths {
  readonly root: string;
  readonly raw: string;
  readonly staging: string;
  readonly processed: string;
  readonly commits: string;
  readonly exports: string;
  readonly quality: string;
  readonly ledger: string;
  readonly quarantine: string;
  readonly runs: string;
  readonly outbox: string;
  readonly archive: string;
  readonly lock: string;
  /** Folder of a table by its name relative to the data folder, such as `processed/sales`. */
  table(name: string): string;
}

export function dataPaths(root: string): DataPaths {
  const processed = join(root, "processed");
  const quality = join(root, "quality");
  return {
    root,
    raw: join(root, "raw"),
    staging: join(root, "staging"),
    processed,
    commits: join(processed, "_commits"),
    exports: join(processed, "exports"),
    quality,
    ledger: join(quality, "ledger"),
    quarantine: join(quality, "quarantine"),
    runs: join(quality, "runs"),
    outbox: join(quality, "outbox"),
    archive: join(root, "archive"),
    lock: join(root, ".gristmill.lock"),
    table: (name) => join(root, ...name.split("/")),
  };
}

/** Absolute paths of one run's staging folder. */
export interface StagingPaths {
  readonly root: string;
  /** RunPlan: written by discover. */
  readonly plan: string;
  /** Unpacked zip members, under generated names. */
  readonly input: string;
  /** `<job>.json` JobSpec, written by discover. */
  readonly jobs: string;
  /** `<job>/` with Parquet and `result.json` (JobResult), written by work. */
  readonly work: string;
  /** RunVerdict: written by check. */
  readonly verdict: string;
  /** New table files, written by transform: `tables/<table name>/…`. */
  readonly tables: string;
  /** ChangeSet: written by transform, read by publish. */
  readonly changes: string;
  /** StageMeasure files, one a process. */
  readonly stages: string;
  /** Spill space of the engine. */
  readonly temp: string;
}

export function stagingPaths(data: DataPaths, run: string): StagingPaths {
  const root = join(data.staging, run);
  return {
    root,
    plan: join(root, "plan.json"),
    input: join(root, "input"),
    jobs: join(root, "jobs"),
    work: join(root, "work"),
    verdict: join(root, "verdict.json"),
    tables: join(root, "tables"),
    changes: join(root, "changes.json"),
    stages: join(root, "stages"),
    temp: join(root, "temp"),
  };
}
