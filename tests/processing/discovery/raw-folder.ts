import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadConfig } from "../../../lib/config.js";
import type { Config } from "../../../lib/config-types.js";
import type { LedgerEntry } from "../../../lib/ledger-types.js";
import { type DataPaths, dataPaths } from "../../../lib/paths.js";
import type { PlannedFile } from "../../../lib/plan-types.js";
import { makePlan, type PlannedRun, type PlanRequest } from "../../../processing/discovery/make-plan.js";

/** A data folder of its own, with a file an hour old, each younger than the one before, wherever one is put. */
export interface RawFolder {
  readonly paths: DataPaths;
  put(path: string, content: string | Buffer): void;
  plan(request?: Partial<PlanRequest>): Promise<PlannedRun>;
  remove(): void;
}

export function rawFolder(): RawFolder {
  const paths = dataPaths(mkdtempSync(join(tmpdir(), "gristmill-discovery-")));
  mkdirSync(paths.raw);
  let clock = Math.floor(Date.now() / 1_000) - 3_600;
  return {
    paths,
    put: (path, content) => {
      const file = join(paths.raw, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      clock += 1;
      utimesSync(file, clock, clock);
    },
    plan: (request = {}) =>
      makePlan({
        config: configOf({}),
        paths,
        ledger: [],
        contracts: { sales: "c1" },
        sources: [],
        rework: false,
        rehash: false,
        now: Date.now(),
        unpackInto: join(paths.staging, "run", "input"),
        ...request,
      }),
    remove: () => rmSync(paths.root, { recursive: true }),
  };
}

export function configOf(environment: Record<string, string>): Config {
  return loadConfig({ configDir: null, environment });
}

/** Path → `action why`, with the twin where there is one. */
export function outcomes(planned: { readonly files: readonly PlannedFile[] }): Record<string, string> {
  return Object.fromEntries(
    planned.files.map((file) => [
      file.path,
      `${file.action} ${file.why}${file.twin_of === null ? "" : ` of ${file.twin_of}`}`,
    ]),
  );
}

/** The ledger entry that a run leaves for a planned file. */
export function entryFor(file: PlannedFile, change: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    path: file.path,
    feed: file.feed,
    source: file.source,
    sha256: file.sha256,
    bytes: file.size,
    lines: null,
    header_lines: 0,
    blank_lines: 0,
    records: 1,
    accepted: 1,
    quarantined: 0,
    held: 0,
    score: 100,
    stray_quotes: 0,
    status: "published",
    carrier: file.twin_of ?? file.path,
    contract_hash: file.contract_hash,
    threshold: file.threshold,
    run: "20260101T000000Z-0001",
    seq: 1,
    judged_at: "2026-01-01T00:00:00Z",
    ...change,
  };
}
