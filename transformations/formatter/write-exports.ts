import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { withSessions } from "../../engines/sessions.js";
import { exportText } from "../../engines/text-export.js";
import { relation } from "../../lake/relation.js";
import { openTable, type Snapshot } from "../../lake/snapshot.js";
import { type FileEffects, nodeEffects } from "../../lib/effects.js";
import { readJsonIfThere, writeJson } from "../../lib/json-file.js";
import { inLanes } from "../../lib/lanes.js";
import type { DataPaths } from "../../lib/paths.js";
import { guardedColumns } from "./formula-guard.js";
import { WORKBOOK_ROWS, workbook } from "./workbook.js";

const formats = ["csv", "json", "xlsx"] as const;
type Format = (typeof formats)[number];

/** One table's statements leave a core idle: two are exported side by side. */
const SESSIONS = 2;

interface Export {
  readonly table: string;
  readonly model: string;
  readonly snapshot: Snapshot;
  readonly rows: number;
  /** Path without its ending. */
  readonly target: string;
}

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
  const due: Export[] = [];
  for (const table of tables.filter((name) => name.startsWith("processed/aggregated/"))) {
    const model = table.slice("processed/aggregated/".length);
    const snapshot = await openTable(paths, table);
    const isThere = formats.every((format) => existsSync(join(paths.exports, `${model}.${format}`)));
    if (snapshot.version < 0 || (versions[model] === snapshot.version && isThere)) continue;
    const rows = snapshot.files.reduce((sum, file) => sum + file.rows, 0);
    due.push({ table, model, snapshot, rows, target: join(paths.exports, model) });
  }
  if (due.length === 0) return { tables: [], warnings: [] };
  effects.mkdir(paths.exports);
  // the largest first, so that none is left alone at the end
  const ordered = [...due].sort((a, b) => b.rows - a.rows);
  await withSessions(await engine(), Math.min(SESSIONS, due.length), (sessions) =>
    inLanes(ordered, sessions, (one, session) => exportTable(session, one, effects)),
  );
  for (const { model, snapshot } of due) versions[model] = snapshot.version;
  writeJson(noted, versions, effects);
  return {
    tables: due.map(({ table }) => table),
    warnings: due
      .filter(({ rows }) => rows > WORKBOOK_ROWS)
      .map(
        ({ model, rows }) =>
          `exports/${model}.xlsx: ${rows - WORKBOOK_ROWS} rows are left out; exports/${model}.csv has all`,
      ),
  };
}

/** Remove what a killed run left half written. */
function sweepTorn(paths: DataPaths, effects: FileEffects): void {
  if (!existsSync(paths.exports)) return;
  for (const name of readdirSync(paths.exports))
    if (/\.tmp-\d+$/.test(name)) effects.remove(join(paths.exports, name));
}

/** All three under temporary names first, so that one wait makes them durable. */
async function exportTable(engine: Engine, one: Export, effects: FileEffects): Promise<void> {
  const { model, snapshot, rows, target } = one;
  const { columns } = snapshot;
  const sorted = `(select * from ${relation(snapshot)} order by all)`;
  const temporary = (format: Format): string => `${target}.${format}.tmp-${process.pid}`;
  await exportText(engine, `select ${guardedColumns(columns)} from ${sorted}`, temporary("csv"), "csv");
  await exportText(engine, `select * from ${sorted}`, temporary("json"), "json");
  const shown = await engine.all(`select * from ${sorted} limit ${WORKBOOK_ROWS}`);
  effects.write(temporary("xlsx"), await workbook(model, columns, shown, rows));
  await effects.syncAll(formats.map(temporary));
  for (const format of formats) effects.rename(temporary(format), `${target}.${format}`);
}
