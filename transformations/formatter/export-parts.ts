import { createHash } from "node:crypto";
import type { Engine } from "../../engines/engine.js";
import { ident, literal } from "../../engines/quote.js";
import { relation } from "../../lake/relation.js";
import type { LiveFile, Snapshot } from "../../lake/snapshot.js";
import type { Grain } from "../models/model.js";

/** What one set of files for people holds: a month of an aggregated table, or the whole of one that has no grain. */
export interface ExportPart {
  /** `sales_by_day-2026-01`, `sales_by_day-undated` or `users`. */
  readonly name: string;
  /** SQL relation of its rows. */
  readonly rows: string;
  readonly count: number;
  /** The same as long as the rows are. */
  readonly stamp: string;
}

/** The parts of an aggregated table, so that a night writes the months that it changed and not the table's past. */
export async function exportParts(
  engine: () => Promise<Engine>,
  model: string,
  snapshot: Snapshot,
  grain: Grain | null,
): Promise<readonly ExportPart[]> {
  const isParted = snapshot.columns.some(({ name }) => name === grain);
  if (grain === null || !isParted || snapshot.partitionBy.some((column) => column !== grain))
    return [partOfFiles(model, snapshot, snapshot.files)];
  if (snapshot.partitionBy.length === 0) return await partsByContent(await engine(), model, snapshot, grain);
  const months = new Map<string, LiveFile[]>();
  for (const file of snapshot.files) {
    const month = file.partition_values[grain]?.slice(0, 7) ?? null;
    const name = partName(model, month);
    months.set(name, [...(months.get(name) ?? []), file]);
  }
  return [...months].map(([name, files]) => partOfFiles(name, snapshot, files));
}

/** Whether a file, without its ending, is a part of a model: no model's name has a hyphen. */
export function isPartOf(model: string, name: string): boolean {
  return name === model || name.startsWith(`${model}-`);
}

function partName(model: string, month: string | null): string {
  return `${model}-${month ?? "undated"}`;
}

function partOfFiles(name: string, snapshot: Snapshot, files: readonly LiveFile[]): ExportPart {
  return {
    name,
    rows: relation(snapshot, { files }),
    count: files.reduce((sum, file) => sum + file.rows, 0),
    stamp: createHash("md5")
      .update(
        files
          .map(({ path }) => path)
          .sort()
          .join("\n"),
      )
      .digest("base64url"),
  };
}

/** An unpartitioned table is written anew as a whole: only its rows tell which months are other than before. */
async function partsByContent(
  engine: Engine,
  model: string,
  snapshot: Snapshot,
  grain: Grain,
): Promise<readonly ExportPart[]> {
  const all = relation(snapshot);
  const list = snapshot.columns.map(({ name }) => ident(name)).join(", ");
  const month = `strftime(${ident(grain)}, '%Y-%m')`;
  const found = await engine.all(`select ${month} as month, count(*)::integer as n,
      sum(cast(hash(${list}) as hugeint))::varchar as content
    from ${all} as aggregated group by all order by all`);
  return found.map((row) => {
    const value = row["month"] === null ? null : String(row["month"]);
    const condition = value === null ? `${ident(grain)} is null` : `${month} = ${literal(value)}`;
    return {
      name: partName(model, value),
      rows: `(select * from ${all} as aggregated where ${condition})`,
      count: Number(row["n"]),
      stamp: `${row["n"]}:${row["content"]}`,
    };
  });
}
