import type { LedgerEntry } from "../../lib/ledger-types.js";
import type { FileVerdict } from "../../lib/verdict-types.js";

/** What becomes of rows that earlier runs brought, now that a run publishes its files. */
export interface ReplacedPaths {
  /** Paths whose earlier rows go. */
  readonly dropped: ReadonlySet<string>;
  /** Path that gets new content → the twin that its earlier rows belong to from now on. */
  readonly moved: ReadonlyMap<string, string>;
}

/** Whether this run takes the file's content in: published now, or known to stand in the tables already. */
function takenIn(file: FileVerdict): boolean {
  return (
    (file.status === "published" && file.job !== null) || (file.status === "skipped" && file.twin_of !== null)
  );
}

/**
 * A path whose content changes gives up its earlier rows, unless another path still has that content: then they
 * are that path's. `ledger`: all entries in any order.
 */
export function replacedPaths(files: readonly FileVerdict[], ledger: readonly LedgerEntry[]): ReplacedPaths {
  const carried = carriedContent(ledger);
  const everSeen = new Set(ledger.map((entry) => entry.path));
  const now = new Map(files.filter(takenIn).map((file) => [file.path, file]));
  const dropped = new Set<string>();
  const moved = new Map<string, string>();
  for (const file of now.values()) {
    const before = carried.get(file.path);
    if (before === undefined || before.carrier !== file.path) {
      // a rolled back path may still hold the rows of the version before
      if (file.status === "published" && everSeen.has(file.path)) dropped.add(file.path);
      continue;
    }
    if (before.sha256 === file.sha256) {
      if (file.status === "published") dropped.add(file.path);
      continue;
    }
    const heir = heirOf(before, carried, now, files);
    if (heir === null) dropped.add(file.path);
    else moved.set(file.path, heir);
  }
  return { dropped, moved };
}

/** The first other path, by bytes, that has the content after this run. */
function heirOf(
  content: LedgerEntry,
  carried: ReadonlyMap<string, LedgerEntry>,
  now: ReadonlyMap<string, FileVerdict>,
  files: readonly FileVerdict[],
): string | null {
  const stays = (path: string): boolean => (now.get(path)?.sha256 ?? content.sha256) === content.sha256;
  const twins = [...carried.values()].filter(
    (entry) => entry.carrier === content.path && entry.path !== content.path && stays(entry.path),
  );
  const arriving = files.filter((file) => file.twin_of === content.path && file.sha256 === content.sha256);
  const paths = [...twins, ...arriving].map((entry) => entry.path).filter((path) => path !== content.path);
  return paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))[0] ?? null;
}

/** Path → the entry of the content that it has in the tables now. Held content never got there. */
export function carriedContent(ledger: readonly LedgerEntry[]): ReadonlyMap<string, LedgerEntry> {
  const versions = new Map<string, LedgerEntry[]>();
  const inTime = [...ledger].sort((a, b) => a.seq - b.seq);
  for (const entry of inTime) {
    const earlier = versions.get(entry.path) ?? [];
    versions.set(entry.path, earlier);
    if (entry.status === "published" || entry.status === "twin") earlier.push(entry);
    else if (entry.status === "rolled_back" && earlier.at(-1)?.sha256 === entry.sha256) earlier.pop();
  }
  const carried = new Map<string, LedgerEntry>();
  for (const [path, entries] of versions) {
    const last = entries.at(-1);
    if (last !== undefined) carried.set(path, last);
  }
  return carried;
}
