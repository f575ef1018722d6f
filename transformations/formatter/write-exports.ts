import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { exportText } from "../../engines/text-export.js";
import { relation } from "../../lake/relation.js";
import { openTable, type Snapshot } from "../../lake/snapshot.js";
import { type FileEffects, nodeEffects } from "../../lib/effects.js";
import { readJsonIfThere, writeFileAtomic, writeJson } from "../../lib/json-file.js";
import type { DataPaths } from "../../lib/paths.js";
import { guardedColumns } from "./formula-guard.js";
import { WORKBOOK_ROWS, workbook } from "./workbook.js";

const formats = ["csv", "json", "xlsx"] as const;

/** What was exported, and where a workbook left rows out. */
export interface Exports {
  readonly tables: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Write the aggregated tables among `tables` as processed/exports/<model>.{csv,json,xlsx}, each atomically. What is
 * exported at its newest version already is left alone, so that a call after a crash makes up for the one before.
 */
export async function writeExports(
  engine: () => Promise<Engine>,
  paths: DataPaths,
  tables: readonly string[],
  effects: FileEffects = nodeEffects,
): Promise<Exports> {
  const noted = join(paths.exports, ".versions.json");
  sweepTorn(paths, effects);
  const versions: Record<string, number> = { ...readJsonIfThere<Record<string, number>>(noted) };
  const done: string[] = [];
  const warnings: string[] = [];
  for (const table of tables.filter((name) => name.startsWith("processed/aggregated/"))) {
    const model = table.slice("processed/aggregated/".length);
    const snapshot = await openTable(paths, table);
    const isThere = formats.every((format) => existsSync(join(paths.exports, `${model}.${format}`)));
    if (snapshot.version < 0 || (versions[model] === snapshot.version && isThere)) continue;
    effects.mkdir(paths.exports);
    const left = await exportTable(await engine(), join(paths.exports, model), model, snapshot, effects);
    if (left > 0)
      warnings.push(`exports/${model}.xlsx: ${left} rows are left out; exports/${model}.csv has all`);
    versions[model] = snapshot.version;
    done.push(table);
  }
  if (done.length > 0) writeJson(noted, versions, effects);
  return { tables: done, warnings };
}

/** Remove what a killed run left half written. */
function sweepTorn(paths: DataPaths, effects: FileEffects): void {
  if (!existsSync(paths.exports)) return;
  for (const name of readdirSync(paths.exports))
    if (/\.tmp-\d+$/.test(name)) effects.remove(join(paths.exports, name));
}

/** Returns how many rows the workbook left out. */
async function exportTable(
  engine: Engine,
  target: string,
  model: string,
  snapshot: Snapshot,
  effects: FileEffects,
): Promise<number> {
  const { columns } = snapshot;
  const sorted = `(select * from ${relation(snapshot)} order by all)`;
  await exportFile(engine, `select ${guardedColumns(columns)} from ${sorted}`, target, "csv", effects);
  await exportFile(engine, `select * from ${sorted}`, target, "json", effects);
  const rows = await engine.all(`select * from ${sorted} limit ${WORKBOOK_ROWS}`);
  const total = snapshot.files.reduce((sum, file) => sum + file.rows, 0);
  writeFileAtomic(`${target}.xlsx`, await workbook(model, columns, rows, total), effects);
  return Math.max(0, total - rows.length);
}

async function exportFile(
  engine: Engine,
  select: string,
  target: string,
  format: "csv" | "json",
  effects: FileEffects,
): Promise<void> {
  const temporary = `${target}.${format}.tmp-${process.pid}`;
  await exportText(engine, select, temporary, format);
  effects.sync(temporary);
  effects.rename(temporary, `${target}.${format}`);
}
