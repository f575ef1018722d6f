import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { command as check } from "../../../commands/check.js";
import type { CommandContext, CommandSpec } from "../../../commands/command.js";
import { command as discover } from "../../../commands/discover.js";
import { command as finish } from "../../../commands/finish.js";
import { command as transform } from "../../../commands/transform.js";
import { command as work } from "../../../commands/work.js";
import { openDuckDb } from "../../../engines/duckdb.js";
import { readLedger } from "../../../lake/ledger.js";
import { relation } from "../../../lake/relation.js";
import { openTable } from "../../../lake/snapshot.js";
import { loadConfig } from "../../../lib/config.js";
import type { Config } from "../../../lib/config-types.js";
import { readJson } from "../../../lib/json-file.js";
import { openLog } from "../../../lib/logging.js";
import { dataPaths, stagingPaths } from "../../../lib/paths.js";
import type { LedgerEntry, RunPlan } from "../../../lib/run-types.js";
import { publish } from "../../../runs/publish.js";

/** A data folder whose nights run in this process, stage by stage. */
export interface House {
  readonly root: string;
  readonly printed: string[];
  config: Config;
  write(path: string, text: string): void;
  /** One night of the pipeline; returns check's exit code. `meanwhile`: between transform and publish. */
  night(run: string, meanwhile?: () => void): Promise<number>;
  /** One command for people; returns its exit code. */
  command(spec: CommandSpec, options: Record<string, unknown>, args?: readonly string[]): Promise<number>;
  ledger(path: string): Promise<LedgerEntry | undefined>;
  /** Lines of one column over a table. */
  query(table: string, select: string): Promise<readonly string[]>;
  end(): void;
}

export function openHouse(): House {
  const root = mkdtempSync(join(tmpdir(), "gristmill-house-"));
  const paths = dataPaths(root);
  const printed: string[] = [];
  const context = (run: string | null): CommandContext => ({
    paths,
    configDir: null,
    json: false,
    print: (line) => printed.push(line),
    config: () => house.config,
    run: () => {
      if (run === null) throw new Error("no stage runs here");
      return run;
    },
    log: (stage) => openLog(join(root, "logs"), run ?? "none", stage),
  });
  const house: House = {
    root,
    printed,
    config: loadConfig({ configDir: null, environment: {} }),
    write: (path, text) => {
      mkdirSync(dirname(join(paths.raw, path)), { recursive: true });
      writeFileSync(join(paths.raw, path), text);
    },
    night: async (run, meanwhile) => {
      const own = context(run);
      const flags = {
        engine: "duckdb",
        source: [],
        rework: false,
        rehash: false,
        rebuild: false,
        plan: false,
      };
      await discover.execute(own, flags, []);
      const staging = stagingPaths(paths, run);
      for (const { job } of readJson<RunPlan>(staging.plan).jobs) await work.execute(own, { job: [job] }, []);
      const exitCode = await check.execute(own, {}, []);
      await transform.execute(own, {}, []);
      meanwhile?.();
      await publish(own);
      await finish.execute(own, { exitCode: String(exitCode), quiet: true }, []);
      printed.length = 0;
      return exitCode;
    },
    command: (spec, options, args = []) => spec.execute(context(null), options, args),
    ledger: async (path) => (await readLedger(paths)).live.get(path),
    query: async (table, select) => {
      const engine = await openDuckDb({ threads: 1, memoryMb: 200, tempDir: join(root, "temp") });
      try {
        const snapshot = await openTable(paths, table);
        const rows = await engine.all(`select ${select} as line from ${relation(snapshot)} order by all`);
        return rows.map((row) => String(row["line"]));
      } finally {
        engine.close();
      }
    },
    end: () => rmSync(root, { recursive: true, force: true }),
  };
  return house;
}

/** Files below a folder, sorted. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

export const SALES_HEADER = "order_id,product_id,quantity,unit_price,sold_at";

/** A CSV of sales with these quantities, one record each. */
export function sales(quantities: readonly (number | string)[]): string {
  const lines = quantities.map((quantity, at) => `o${at + 1},p1,${quantity},2.50,2026-01-01 10:00:00`);
  return `${[SALES_HEADER, ...lines].join("\n")}\n`;
}
