import type { Engine } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";
import type { FileVerdict } from "../../lib/run-types.js";
import { type StagedRows, stagedRelation } from "./staged-rows.js";

/**
 * Count the staged rows themselves and compare them with what the workers say: a file whose rows went missing on
 * the way, or came twice, gets status error.
 */
export async function balanceStaged(
  engine: Engine,
  files: readonly FileVerdict[],
  staged: StagedRows,
  quarantined: readonly string[],
): Promise<readonly FileVerdict[]> {
  const good = new Map<string, number>();
  for (const source of Object.keys(staged)) {
    const relation = stagedRelation(staged, source);
    if (relation !== null) await countInto(engine, relation, "_file", good);
  }
  const bad = new Map<string, number>();
  if (quarantined.length > 0) {
    await countInto(engine, `read_parquet([${quarantined.map(literal).join(", ")}])`, "path", bad);
  }
  return files.map((file) => {
    if (!file.rejudged) return file;
    const accepted = good.get(file.path) ?? 0;
    const rejected = bad.get(file.path) ?? 0;
    if (accepted === file.accepted + file.held && rejected === file.quarantined) return file;
    const message = `does not balance: ${file.accepted + file.held} accepted and ${file.quarantined} quarantined, but ${accepted} and ${rejected} rows staged`;
    return {
      ...file,
      status: "error",
      accepted: file.accepted + file.held,
      held: 0,
      message,
      rejudged: false,
    };
  });
}

async function countInto(
  engine: Engine,
  relation: string,
  column: string,
  counts: Map<string, number>,
): Promise<void> {
  for (const row of await engine.all(
    `select ${column} as path, count(*) as n from ${relation} group by ${column}`,
  )) {
    counts.set(String(row["path"]), Number(row["n"]));
  }
}
