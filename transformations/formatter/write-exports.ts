import { existsSync, readdirSync } from "node:fs";
import { join, parse } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { withSessions } from "../../engines/sessions.js";
import { exportText } from "../../engines/text-export.js";
import { openTable } from "../../lake/snapshot.js";
import { type FileEffects, nodeEffects } from "../../lib/effects.js";
import { readJsonIfThere, writeJson } from "../../lib/json-file.js";
import { inLanes } from "../../lib/lanes.js";
import type { DataPaths } from "../../lib/paths.js";
import type { TableColumn } from "../../lib/table-types.js";
import type { Grain } from "../models/model.js";
import { type ExportPart, exportParts, isPartOf } from "./export-parts.js";
import { guardedColumns } from "./formula-guard.js";
import { WORKBOOK_ROWS, workbook } from "./workbook.js";

const formats = ["csv", "json", "xlsx"] as const;
type Format = (typeof formats)[number];

/** One part's statements leave a core idle: two are exported side by side. */
const SESSIONS = 2;

interface Export {
  readonly columns: readonly TableColumn[];
  readonly part: ExportPart;
  /** Path without its ending. */
  readonly target: string;
}

/** What stands in the exports of one model. */
interface Exported {
  readonly version: number;
  /** Part → its stamp. */
  readonly parts: Readonly<Record<string, string>>;
}

/** What was exported, and where a workbook left rows out. */
export interface Exports {
  /** Names of the files, without their endings. */
  readonly parts: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Write the aggregated tables among `tables` for people, each atomically: processed/exports/<model>-<month>.{csv,json,xlsx}
 * where a model has a grain, <model>.{csv,json,xlsx} else. A part that is exported as it is already is left alone, so
 * that a night writes its own months, and a call after a crash makes up for the one before.
 */
export async function writeExports(
  engine: () => Promise<Engine>,
  paths: DataPaths,
  tables: readonly string[],
  options: { readonly grains: ReadonlyMap<string, Grain>; readonly effects?: FileEffects },
): Promise<Exports> {
  const { grains, effects = nodeEffects } = options;
  const noted = join(paths.exports, ".exported.json");
  sweepTorn(paths, effects);
  const exported: Record<string, Exported> = { ...readJsonIfThere<Record<string, Exported>>(noted) };
  const changed: string[] = [];
  const due: Export[] = [];
  for (const table of tables.filter((name) => name.startsWith("processed/aggregated/"))) {
    const model = table.slice("processed/aggregated/".length);
    const snapshot = await openTable(paths, table);
    const before = exported[model];
    const isWhole = Object.keys(before?.parts ?? {}).every((part) => isThere(paths, part));
    if (snapshot.version < 0 || (before?.version === snapshot.version && isWhole)) continue;
    const parts = await exportParts(engine, model, snapshot, grains.get(model) ?? null);
    for (const part of parts)
      if (before?.parts[part.name] !== part.stamp || !isThere(paths, part.name))
        due.push({ part, columns: snapshot.columns, target: join(paths.exports, part.name) });
    exported[model] = {
      version: snapshot.version,
      parts: Object.fromEntries(parts.map(({ name, stamp }) => [name, stamp])),
    };
    changed.push(model);
  }
  if (changed.length === 0) return { parts: [], warnings: [] };
  effects.mkdir(paths.exports);
  // the largest first, so that none is left alone at the end
  const ordered = due.toSorted((a, b) => b.part.count - a.part.count);
  if (due.length > 0)
    await withSessions(await engine(), Math.min(SESSIONS, due.length), (sessions) =>
      inLanes(ordered, sessions, (one, session) => exportPart(session, one, effects)),
    );
  for (const model of changed) dropOthers(paths, model, exported[model]?.parts ?? {}, effects);
  writeJson(noted, exported, effects);
  return {
    parts: due.map(({ part }) => part.name),
    warnings: due
      .filter(({ part }) => part.count > WORKBOOK_ROWS)
      .map(
        ({ part: { name, count } }) =>
          `exports/${name}.xlsx: ${count - WORKBOOK_ROWS} rows are left out; exports/${name}.csv has all`,
      ),
  };
}

function isThere(paths: DataPaths, part: string): boolean {
  return formats.every((format) => existsSync(join(paths.exports, `${part}.${format}`)));
}

/** Remove the parts of a model that its table has no rows for any more. */
function dropOthers(
  paths: DataPaths,
  model: string,
  parts: Readonly<Record<string, string>>,
  effects: FileEffects,
): void {
  for (const file of readdirSync(paths.exports)) {
    const { name, ext } = parse(file);
    const isOurs = formats.some((format) => ext === `.${format}`) && isPartOf(model, name);
    if (isOurs && !Object.hasOwn(parts, name)) effects.remove(join(paths.exports, file));
  }
}

/** Remove what a killed run left half written. */
function sweepTorn(paths: DataPaths, effects: FileEffects): void {
  if (!existsSync(paths.exports)) return;
  for (const name of readdirSync(paths.exports))
    if (/\.tmp-\d+$/.test(name)) effects.remove(join(paths.exports, name));
}

/** All three under temporary names first, so that one wait makes them durable. */
async function exportPart(engine: Engine, one: Export, effects: FileEffects): Promise<void> {
  const { columns, part, target } = one;
  const sorted = `(select * from ${part.rows} order by all)`;
  const temporary = (format: Format): string => `${target}.${format}.tmp-${process.pid}`;
  await exportText(engine, `select ${guardedColumns(columns)} from ${sorted}`, temporary("csv"), "csv");
  await exportText(engine, `select * from ${sorted}`, temporary("json"), "json");
  const shown = await engine.all(`select * from ${sorted} limit ${WORKBOOK_ROWS}`);
  effects.write(temporary("xlsx"), await workbook(part.name, columns, shown, part.count));
  await effects.syncAll(formats.map(temporary));
  for (const format of formats) effects.rename(temporary(format), `${target}.${format}`);
}
