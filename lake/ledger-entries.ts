import type { FileVerdict, LedgerEntry } from "../lib/run-types.js";
import type { NewLedgerEntry } from "./ledger.js";
import type { LedgerState } from "./ledger-state.js";

export interface JudgedRun {
  readonly run: string;
  readonly judged_at: string;
  readonly files: readonly FileVerdict[];
  /** Path that gets new content → the twin that its earlier rows belong to from now on. */
  readonly moved: ReadonlyMap<string, string>;
}

/** What a run writes into the ledger: the files that it judged, new twins, and contents that changed their carrier. */
export function ledgerEntries(ledger: LedgerState, judged: JudgedRun): readonly NewLedgerEntry[] {
  const { run, judged_at, moved } = judged;
  const own = judged.files.filter(isJudged).map((file) => judgedEntry(file, run, judged_at));
  const byPath = new Map(own.map((entry) => [entry.path, entry]));
  const entries = [...own];
  for (const file of judged.files) {
    const content = twinContent(file, ledger, byPath, moved);
    if (content === null) continue;
    const carrier = moved.get(content.carrier) ?? content.carrier;
    const status = carrier === file.path ? "published" : "twin";
    entries.push({ ...content, path: file.path, status, carrier, run, judged_at });
  }
  const named = new Set(entries.map((entry) => entry.path));
  for (const [from, heir] of moved) {
    for (const twin of ledger.carried.values()) {
      if (twin.carrier !== from || twin.path === from || named.has(twin.path)) continue;
      const status = twin.path === heir ? "published" : "twin";
      entries.push({ ...unnumbered(twin), status, carrier: heir, run, judged_at });
    }
  }
  return entries;
}

/** Whether this run judged the file itself; what it held or skipped as before has its entry already. */
function isJudged(file: FileVerdict): boolean {
  if (file.status === "published") return file.job !== null;
  return file.status === "held" && (file.job !== null || file.rejudged);
}

function judgedEntry(file: FileVerdict, run: string, judged_at: string): NewLedgerEntry {
  return {
    path: file.path,
    feed: file.feed,
    source: file.source,
    sha256: file.sha256,
    bytes: file.bytes,
    lines: file.lines,
    header_lines: file.header_lines,
    blank_lines: file.blank_lines,
    records: file.records,
    accepted: file.accepted,
    quarantined: file.quarantined,
    held: file.held,
    score: file.score,
    stray_quotes: file.stray_quotes,
    status: file.status === "published" ? "published" : "held",
    carrier: file.path,
    contract_hash: file.contract_hash,
    threshold: file.threshold,
    run,
    judged_at,
  };
}

/** The published content that a skipped file is another path of, or null: known already, or not in the tables. */
function twinContent(
  file: FileVerdict,
  ledger: LedgerState,
  own: ReadonlyMap<string, NewLedgerEntry>,
  moved: ReadonlyMap<string, string>,
): NewLedgerEntry | null {
  if (file.status !== "skipped" || file.twin_of === null) return null;
  const before = ledger.live.get(file.path);
  const isKnown =
    before?.sha256 === file.sha256 && (before.status === "twin" || before.status === "published");
  if (isKnown && !moved.has(before.carrier)) return null;
  const fresh = own.get(file.twin_of);
  if (fresh?.sha256 === file.sha256) return fresh.status === "published" ? fresh : null;
  const carried = ledger.carried.get(file.twin_of);
  return carried?.sha256 === file.sha256 ? unnumbered(carried) : null;
}

function unnumbered({ seq: _, ...entry }: LedgerEntry): NewLedgerEntry {
  return entry;
}
