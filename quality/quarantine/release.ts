import type { Engine } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";
import type { NewLedgerEntry } from "../../lake/ledger.js";
import type { LedgerState } from "../../lake/ledger-state.js";
import { relation } from "../../lake/relation.js";
import { openTable } from "../../lake/snapshot.js";
import { GristmillError } from "../../lib/errors.js";
import type { DataPaths } from "../../lib/paths.js";
import { quarantineTable } from "./columns.js";

/**
 * The ledger entry that releases a held file: the next run works on it and publishes it whatever its score. null when
 * it is released already. Throws unknown_path, not_held, not_readable.
 */
export async function releaseEntry(
  engine: Engine,
  paths: DataPaths,
  ledger: LedgerState,
  path: string,
  now: string,
): Promise<NewLedgerEntry | null> {
  const entry = ledger.live.get(path);
  if (entry === undefined) {
    throw new GristmillError("unknown_path", `no run ever worked on ${path}: give its path relative to raw/`);
  }
  if (entry.status === "released") return null;
  if (entry.status !== "held") {
    throw new GristmillError("not_held", `${path} is not held: its status is ${entry.status}`);
  }
  const code = await wholeFileCode(engine, paths, path);
  if (code !== null) {
    throw new GristmillError(
      "not_readable",
      `${path} has no record to publish (${code}): mend the file and run again`,
    );
  }
  const { seq: _, ...rest } = entry;
  return { ...rest, status: "released", judged_at: now };
}

/** The code of a path's quarantine row that stands for the whole file, if there is one. */
async function wholeFileCode(engine: Engine, paths: DataPaths, path: string): Promise<string | null> {
  const snapshot = await openTable(paths, quarantineTable);
  if (snapshot.files.length === 0) return null;
  const rows = await engine.all(
    `select reasons[1].code as code from ${relation(snapshot)}
     where path = ${literal(path)} and reasons[1].code in ('unreadable_file', 'missing_column') limit 1`,
  );
  const code = rows[0]?.["code"];
  return typeof code === "string" ? code : null;
}
