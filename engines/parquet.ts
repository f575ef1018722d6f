import type { Engine, SqlValue } from "./engine.js";
import { literal } from "./quote.js";

/** SQL relation over Parquet files; a column that only some files have is null in the others. At least one path. */
export function parquetRelation(
  paths: readonly string[],
  options: { readonly filename?: boolean } = {},
): string {
  const clauses = ["union_by_name = true", "hive_partitioning = false"];
  if (options.filename === true) clauses.push("filename = true");
  return `read_parquet([${paths.map(literal).join(", ")}], ${clauses.join(", ")})`;
}

/** What a row group's statistics say of one column; texts as the engine writes values. */
export interface RowGroup {
  readonly rows: number;
  readonly min: string | null;
  readonly max: string | null;
  readonly nulls: number | null;
}

/** All row groups of some Parquet files, from their footers alone. */
export async function parquetRowGroups(
  engine: Engine,
  paths: readonly string[],
  column: string,
): Promise<readonly RowGroup[]> {
  const rows =
    await engine.all(`select row_group_num_rows as n, stats_min_value as low, stats_max_value as high,
      stats_null_count as nulls
    from parquet_metadata([${paths.map(literal).join(", ")}]) where path_in_schema = ${literal(column)}`);
  const text = (value: SqlValue | undefined): string | null => (value == null ? null : String(value));
  return rows.map(({ n, low, high, nulls }) => ({
    rows: Number(n),
    min: text(low),
    max: text(high),
    nulls: nulls == null ? null : Number(nulls),
  }));
}
