import type { LedgerEntry } from "../lib/run-types.js";

/** What the ledger says, path by path. */
export interface LedgerState {
  /** Version of the ledger table; -1: there was never a run. */
  readonly version: number;
  /** All entries by `seq`, replaced ones too. */
  readonly entries: readonly LedgerEntry[];
  /** The newest entry of each path, whatever its status. */
  readonly live: ReadonlyMap<string, LedgerEntry>;
  /** The content that the tables have of each path: its newest entry that is published or twin. */
  readonly carried: ReadonlyMap<string, LedgerEntry>;
  /** Entries of the feed whose content stands in the tables or is held, by path. */
  bySha(feed: string, sha256: string): readonly LedgerEntry[];
  /** Number of the next entry: it orders them, because clocks jump. */
  readonly nextSeq: number;
}

export function ledgerState(version: number, rows: readonly LedgerEntry[]): LedgerState {
  const entries = [...rows].sort((a, b) => a.seq - b.seq);
  const live = new Map(entries.map((entry) => [entry.path, entry]));
  const carried = new Map(
    entries
      .filter((entry) => entry.status === "published" || entry.status === "twin")
      .map((entry) => [entry.path, entry]),
  );
  let index: ReadonlyMap<string, readonly LedgerEntry[]> | null = null;
  return {
    version,
    entries,
    live,
    carried,
    bySha: (feed, sha256) => {
      index ??= indexOf(live, carried);
      return index.get(contentKey(feed, sha256)) ?? [];
    },
    nextSeq: (entries.at(-1)?.seq ?? 0) + 1,
  };
}

function indexOf(
  live: ReadonlyMap<string, LedgerEntry>,
  carried: ReadonlyMap<string, LedgerEntry>,
): ReadonlyMap<string, readonly LedgerEntry[]> {
  const waiting = [...live.values()].filter(
    (entry) => entry.status === "held" || entry.status === "released",
  );
  const index = new Map<string, LedgerEntry[]>();
  for (const entry of [...carried.values(), ...waiting].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const key = contentKey(entry.feed, entry.sha256);
    const group = index.get(key);
    if (group === undefined) index.set(key, [entry]);
    else group.push(entry);
  }
  return index;
}

function contentKey(feed: string, sha256: string): string {
  return `${feed}\0${sha256}`;
}
