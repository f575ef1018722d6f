import type { LedgerEntry } from "../../lib/ledger-types.js";
import type { FileVerdict } from "../../lib/verdict-types.js";
import { fromLoserToWinner } from "../identity/path-order.js";

/** The content that the tables have of a path, and the path that its rows stand under (`_file`). */
export interface Carried {
  readonly sha256: string;
  readonly carrier: string;
}

/** The files whose content a run takes in: published now, or known to stand in the tables already. */
export function takenIn(
  files: readonly FileVerdict[],
  carried: ReadonlyMap<string, Carried>,
): readonly FileVerdict[] {
  const worked = new Map(files.filter(({ job }) => job !== null).map((file) => [file.path, file]));
  return files.filter((file) => {
    if (file.status === "published") return file.job !== null;
    if (file.status !== "skipped" || file.twin_of === null) return false;
    const twin = worked.get(file.twin_of);
    // of twins that arrive together the first is judged for all
    if (twin?.sha256 === file.sha256) return twin.status === "published";
    return carried.get(file.twin_of)?.sha256 === file.sha256;
  });
}

/** Path → its content in the tables now. Held content never got there. `ledger`: all entries, in any order. */
export function carriedContent(ledger: readonly LedgerEntry[]): ReadonlyMap<string, Carried> {
  const versions = new Map<string, LedgerEntry[]>();
  for (const entry of [...ledger].sort((a, b) => a.seq - b.seq)) {
    const earlier = versions.get(entry.path) ?? [];
    versions.set(entry.path, earlier);
    if (entry.status === "published" || entry.status === "twin") earlier.push(entry);
    else if (entry.status === "rolled_back" && earlier.at(-1)?.sha256 === entry.sha256) earlier.pop();
  }
  const carried = new Map<string, Carried>();
  for (const [path, entries] of versions) {
    const last = entries.at(-1);
    if (last !== undefined) carried.set(path, last);
  }
  return carried;
}

/** The same after a run. `moved`: as `replacedPaths` says. */
export function carriedAfter(
  before: ReadonlyMap<string, Carried>,
  files: readonly FileVerdict[],
  moved: ReadonlyMap<string, string>,
): ReadonlyMap<string, Carried> {
  const after = new Map<string, Carried>();
  for (const [path, { sha256, carrier }] of before)
    after.set(path, { sha256, carrier: moved.get(carrier) ?? carrier });
  for (const file of takenIn(files, before)) {
    const { path, sha256, twin_of } = file;
    const carrier = file.status === "published" || twin_of === null ? path : (moved.get(twin_of) ?? twin_of);
    after.set(path, { sha256, carrier });
  }
  return after;
}

/**
 * Carrier → of all paths that have its content the one that wins ties, so that it does not show which of them
 * came first.
 */
export function bestPaths(carried: ReadonlyMap<string, Carried>): ReadonlyMap<string, string> {
  const paths = new Map<string, string[]>();
  for (const [path, { carrier }] of carried) paths.set(carrier, [...(paths.get(carrier) ?? []), path]);
  return new Map([...paths].map(([carrier, own]) => [carrier, fromLoserToWinner(own).at(-1) ?? carrier]));
}
