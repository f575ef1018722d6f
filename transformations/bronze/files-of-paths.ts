import { parquetRelation } from "../../engines/parquet.js";
import type { LiveFile, Snapshot } from "../../lake/snapshot.js";
import type { TransformContext } from "../planner/context.js";
import { ofPaths } from "./bronze-select.js";

/** Live files that hold a row of one of the paths: pruned by statistics, then looked into. */
export async function filesOfPaths(
  context: TransformContext,
  before: Snapshot | null,
  paths: ReadonlySet<string>,
): Promise<readonly LiveFile[]> {
  const bytes = [...paths].map((path) => Buffer.from(path));
  const candidates = (before?.files ?? []).filter((file) => mayHold(file, bytes));
  if (candidates.length === 0) return [];
  const live = parquetRelation(
    candidates.map((file) => file.absolute),
    { filename: true },
  );
  const found = await context.engine.all(`select distinct filename from ${live} where ${ofPaths(paths)}`);
  const names = new Set(found.map((row) => String(row["filename"])));
  return candidates.filter((file) => names.has(file.absolute));
}

function mayHold(file: LiveFile, paths: readonly Buffer[]): boolean {
  if (paths.length === 0) return false;
  const stats = file.stats();
  const min = stats?.minValues?.["_file"];
  const max = stats?.maxValues?.["_file"];
  if (typeof min !== "string" || typeof max !== "string") return true;
  const [low, high] = [Buffer.from(min), Buffer.from(max)];
  return paths.some((path) => Buffer.compare(low, path) <= 0 && Buffer.compare(path, high) <= 0);
}
