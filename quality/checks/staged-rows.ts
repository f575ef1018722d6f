import { ident, literal, literalList } from "../../engines/quote.js";
import type { FileVerdict } from "../../lib/run-types.js";

/** The published tables, as checks see them. */
export interface PublishedTables {
  /** Relation of `processed/<source>` for a FROM clause; null when there is no such table. */
  relation(source: string): string | null;
  /** Greatest value of a time column by the tables' own statistics, ISO and UTC; null when unknown. */
  latest(source: string, column: string): string | null;
}

/** Source → staged accepted Parquet files, absolute. */
export type StagedRows = Readonly<Record<string, readonly string[]>>;

/** Where the rows of a source stand once this run is published. */
export interface RunState {
  readonly files: readonly FileVerdict[];
  readonly staged: StagedRows;
  readonly tables: PublishedTables;
}

/** The staged accepted rows of a source for a FROM clause; null when a run brought none. */
export function stagedRelation(staged: StagedRows, source: string): string | null {
  const paths = staged[source] ?? [];
  if (paths.length === 0) return null;
  return `read_parquet([${paths.map(literal).join(", ")}], union_by_name = true)`;
}

/** Paths of a source that this run publishes anew. */
export function publishedPaths(files: readonly FileVerdict[], source: string): readonly string[] {
  return files
    .filter((file) => file.source === source && file.status === "published" && file.job !== null)
    .map((file) => file.path);
}

/** SELECT of `columns` over the staged rows of the files that pass; null when there are none. */
export function arrivingSelect(state: RunState, source: string, columns: readonly string[]): string | null {
  const relation = stagedRelation(state.staged, source);
  const paths = publishedPaths(state.files, source);
  if (relation === null || paths.length === 0) return null;
  return `select ${columns.map(ident).join(", ")} from ${relation} where _file in ${literalList(paths)}`;
}

/** SELECT of `columns` over the published rows that stay: those of files that this run replaces are gone. */
export function stayingSelect(state: RunState, source: string, columns: readonly string[]): string | null {
  const relation = state.tables.relation(source);
  if (relation === null) return null;
  const replaced = publishedPaths(state.files, source);
  const where = replaced.length === 0 ? "" : ` where _file not in ${literalList(replaced)}`;
  return `select ${columns.map(ident).join(", ")} from ${relation}${where}`;
}

/** SELECT of `columns` of a source as they will be after the run; null when there will be no such table. */
export function afterRunSelect(state: RunState, source: string, columns: readonly string[]): string | null {
  const parts = [stayingSelect(state, source, columns), arrivingSelect(state, source, columns)];
  const selects = parts.filter((part) => part !== null);
  return selects.length === 0 ? null : selects.join(" union all ");
}
