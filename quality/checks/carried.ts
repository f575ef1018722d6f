import { posix } from "node:path";
import type { FileVerdict, LedgerEntry } from "../../lib/run-types.js";

/**
 * Files that earlier runs held back and this one did not work on: they stay in every run's `files` with their
 * sums until they are published, also when their source was not asked for or the file has left raw/.
 * `live` are the ledger's live entries; `judged` the paths that this run decides on anew.
 */
export function carriedFiles(
  live: Iterable<LedgerEntry>,
  judged: ReadonlySet<string>,
): readonly FileVerdict[] {
  const carried: FileVerdict[] = [];
  for (const entry of live) {
    if (entry.status !== "held" && entry.status !== "released") continue;
    if (!judged.has(entry.path)) carried.push(verdictOf(entry));
  }
  return carried;
}

function verdictOf(entry: LedgerEntry): FileVerdict {
  return {
    source: entry.source,
    feed: entry.feed,
    file: posix.basename(entry.path),
    path: entry.path,
    sha256: entry.sha256,
    bytes: entry.bytes,
    lines: entry.lines,
    header_lines: entry.header_lines,
    blank_lines: entry.blank_lines,
    records: entry.records,
    accepted: 0,
    quarantined: entry.quarantined,
    held: entry.held,
    score: entry.score,
    status: "held",
    stray_quotes: entry.stray_quotes,
    contract_hash: entry.contract_hash,
    threshold: entry.threshold,
    job: null,
    why: "held",
    message: `held since run ${entry.run}`,
    twin_of: null,
    rejudged: false,
  };
}
