import { ident, literal } from "../../engines/quote.js";
import { relation } from "../../lake/relation.js";
import type { LiveFile, Snapshot } from "../../lake/snapshot.js";
import type { TableColumn } from "../../lib/table-types.js";
import { typedNull } from "../planner/columns.js";
import { eventDay, partitionColumn, type SourceSpec } from "../sources/source-spec.js";
import type { ReplacedPaths } from "./replaced-paths.js";

const provenance: readonly string[] = ["_file", "_run", "_rescued"];

/** Columns of `processed/<source>`: the contract's, where each row came from, the partition; old ones stay. */
export function bronzeColumns(source: SourceSpec, before: Snapshot | null): readonly TableColumn[] {
  const columns: TableColumn[] = source.columns.map(({ name, deltaType, personal }) =>
    personal === null ? { name, type: deltaType } : { name, type: deltaType, personal: true },
  );
  columns.push(...provenance.map((name) => ({ name, type: "string" })));
  const partition = partitionColumn(source);
  if (partition !== null && !columns.some(({ name }) => name === partition))
    columns.push({ name: partition, type: "date" });
  const known = new Set([...columns.map(({ name }) => name), ...(before?.partitionBy ?? [])]);
  return [...columns, ...(before?.columns ?? []).filter(({ name }) => !known.has(name))];
}

/** Some files of a source's table with all columns of its contract; null where there are no files. */
export function bronzeRelation(
  source: SourceSpec,
  snapshot: Snapshot,
  files: readonly LiveFile[],
): string | null {
  if (files.length === 0) return null;
  const has = new Map(snapshot.columns.map((column) => [column.name, column]));
  const columns = bronzeColumns(source, snapshot).map((column) => has.get(column.name) ?? column);
  return relation(snapshot, { files, columns });
}

/** Staged rows of the published files, as rows of the table. `published`: relation of their paths. */
export function stagedRows(
  source: SourceSpec,
  columns: readonly TableColumn[],
  staged: string,
  published: string,
): string {
  const given = new Set([...source.columns.map(({ name }) => name), ...provenance]);
  const partition = partitionColumn(source);
  const list = columns.map((column) => {
    if (given.has(column.name)) return ident(column.name);
    return column.name === partition ? `${partitionValue(source)} as ${ident(partition)}` : typedNull(column);
  });
  return `select ${list.join(", ")} from ${staged} as staged
    semi join ${published} as published on published.path = staged._file`;
}

/** SQL of the partition that a row belongs to. */
function partitionValue(source: SourceSpec): string {
  const day = eventDay(source) ?? "cast(null as date)";
  return source.partition === "month" ? `month_of(${day})` : day;
}

/** Rows of live files with the columns of the new table. */
export function liveRows(
  source: SourceSpec,
  columns: readonly TableColumn[],
  live: string,
  before: Snapshot,
): string {
  const had = new Set(before.columns.map(({ name }) => name));
  const partition = partitionColumn(source);
  const list = columns.map((column) => {
    if (had.has(column.name)) return ident(column.name);
    return column.name === partition ? `${partitionValue(source)} as ${ident(partition)}` : typedNull(column);
  });
  return `select ${list.join(", ")} from ${live} as live`;
}

/** Of live rows those that stay, under the path that they belong to from now on. */
export function keptRows(columns: readonly TableColumn[], rows: string, replaced: ReplacedPaths): string {
  const moves = [...replaced.moved].map(([from, to]) => `when ${literal(from)} then ${literal(to)}`);
  const file = moves.length === 0 ? "_file" : `case _file ${moves.join(" ")} else _file end as _file`;
  const list = columns.map(({ name }) => (name === "_file" ? file : ident(name)));
  return `select ${list.join(", ")} from (${rows}) where not ${ofPaths(replaced.dropped)}`;
}

/** SQL condition: the row came from one of the paths. */
export function ofPaths(paths: ReadonlySet<string>): string {
  return paths.size === 0 ? "false" : `_file in (${[...paths].map(literal).join(", ")})`;
}
