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
