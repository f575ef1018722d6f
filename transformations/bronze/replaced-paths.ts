import type { LedgerEntry } from "../../lib/ledger-types.js";
import type { FileVerdict } from "../../lib/verdict-types.js";
import { type Carried, carriedContent, takenIn } from "./carriers.js";

/** What becomes of rows that earlier runs brought, now that a run publishes its files. */
export interface ReplacedPaths {
  /** Paths whose earlier rows go. */
  readonly dropped: ReadonlySet<string>;
  /** Path that gets new content → the twin that its earlier rows belong to from now on. */
  readonly moved: ReadonlyMap<string, string>;
}

/**
 * A path whose content changes gives up its earlier rows, unless another path still has that content: then they
 * are that path's. `ledger`: all entries in any order.
 */
export function replacedPaths(files: readonly FileVerdict[], ledger: readonly LedgerEntry[]): ReplacedPaths {
  const carried = carriedContent(ledger);
  const everSeen = new Set(ledger.map((entry) => entry.path));
  const now = new Map(takenIn(files, carried).map((file) => [file.path, file]));
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
    const heir = heirOf(file.path, before.sha256, carried, now);
    if (heir === null) dropped.add(file.path);
    else moved.set(file.path, heir);
  }
  return { dropped, moved };
}

/** The first other path, by bytes, that has the content after this run. */
function heirOf(
  carrier: string,
  sha256: string,
  carried: ReadonlyMap<string, Carried>,
  now: ReadonlyMap<string, FileVerdict>,
): string | null {
  const twins = [...carried]
    .filter(([path, entry]) => entry.carrier === carrier && (now.get(path)?.sha256 ?? sha256) === sha256)
    .map(([path]) => path);
  const arriving = [...now.values()].filter((file) => file.twin_of === carrier && file.sha256 === sha256);
  const heirs = [...twins, ...arriving.map(({ path }) => path)].filter((path) => path !== carrier);
  return heirs.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))[0] ?? null;
}
