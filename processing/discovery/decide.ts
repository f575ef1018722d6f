import type { LedgerEntry } from "../../lib/ledger-types.js";
import type { PlannedFile } from "../../lib/plan-types.js";
import { baseName, type Candidate } from "./candidate.js";

export interface Judging {
  /** Hash of what a feed's files are judged by, by feed name. */
  readonly contractHash: (feed: string) => string;
  /** Gate of a source in per cent. */
  readonly threshold: (source: string) => number;
  /** Work on every file again. */
  readonly rework: boolean;
}

type Verdict = Pick<PlannedFile, "action" | "why"> & { readonly twin_of?: string };

/** What becomes of each candidate, by the live entries of the ledger. Pure: order and number of runs do not show. */
export function decide(
  candidates: readonly Candidate[],
  live: ReadonlyMap<string, LedgerEntry>,
  judging: Judging,
): readonly PlannedFile[] {
  const known = knownContents(candidates, live);
  const first = carriersOfThisRun(candidates, live, judging, known);
  return candidates.map((candidate) => {
    const own = verdict(candidate, live.get(candidate.path), judging, known);
    const carrier = first.get(contentOf(candidate.feed.name, candidate.sha256));
    const isTwin = own.action === "work" && carrier !== undefined && carrier !== candidate.path;
    return planned(candidate, isTwin ? { action: "skip", why: "twin", twin_of: carrier } : own, judging);
  });
}

/** Of several files with one content to work on: the one that carries it already, else the first by path. */
function carriersOfThisRun(
  candidates: readonly Candidate[],
  live: ReadonlyMap<string, LedgerEntry>,
  judging: Judging,
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const candidate of candidates) {
    const entry = live.get(candidate.path);
    if (verdict(candidate, entry, judging, known).action !== "work") continue;
    const content = contentOf(candidate.feed.name, candidate.sha256);
    const carries = entry?.sha256 === candidate.sha256 && entry.carrier === candidate.path;
    const before = first.get(content);
    if (before === undefined || (carries && live.get(before)?.carrier !== before))
      first.set(content, candidate.path);
  }
  return first;
}

function verdict(
  candidate: Candidate,
  entry: LedgerEntry | undefined,
  judging: Judging,
  known: ReadonlyMap<string, string>,
): Verdict {
  if (candidate.waiting) return { action: "waiting", why: "settling" };
  const own = entry?.feed === candidate.feed.name ? entry : undefined;
  const same = own?.sha256 === candidate.sha256;
  if (same && own.status === "held" && !judging.rework) {
    const waits = judgedAlike(candidate, own, judging);
    if (waits === null) return { action: "held", why: "held" };
    if (candidate.fault === null) return { action: "work", why: waits };
  }
  if (candidate.fault !== null) return { action: "refused", why: "refused" };
  if (judging.rework) return { action: "work", why: "rework" };
  if (same) {
    if (own.status === "released") return { action: "work", why: "released" };
    if (own.status === "rolled_back") return { action: "skip", why: "rolled_back" };
    return own.carrier === candidate.path
      ? { action: "skip", why: "done" }
      : { action: "skip", why: "done", twin_of: own.carrier };
  }
  const elsewhere = known.get(contentOf(candidate.feed.name, candidate.sha256));
  if (elsewhere !== undefined) return { action: "skip", why: "done", twin_of: elsewhere };
  return { action: "work", why: entry === undefined ? "new" : "changed" };
}

/** Why a held file is judged again; null when it would be judged as before. */
function judgedAlike(
  candidate: Candidate,
  entry: LedgerEntry,
  judging: Judging,
): "contract_changed" | "threshold_changed" | null {
  if (entry.contract_hash !== judging.contractHash(candidate.feed.name)) return "contract_changed";
  return entry.threshold === judging.threshold(candidate.feed.source) ? null : "threshold_changed";
}

/** Content → carrier: what the ledger has under some path that still stands for it. */
function knownContents(
  candidates: readonly Candidate[],
  live: ReadonlyMap<string, LedgerEntry>,
): ReadonlyMap<string, string> {
  const now = new Map(candidates.map((candidate) => [candidate.path, candidate.sha256]));
  const carriers = new Map<string, string>();
  for (const entry of [...live.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (entry.status === "rolled_back") continue;
    const here = now.get(entry.path);
    // what is held, or will be replaced by this run, can carry nothing unless it still lies there as it was
    const published = entry.status === "published" || entry.status === "twin";
    if (here === undefined ? !published : here !== entry.sha256) continue;
    const content = contentOf(entry.feed, entry.sha256);
    if (!carriers.has(content)) carriers.set(content, entry.carrier);
  }
  return carriers;
}

function contentOf(feed: string, sha256: string): string {
  return `${feed}\0${sha256}`;
}

function planned(candidate: Candidate, decided: Verdict, judging: Judging): PlannedFile {
  const { feed } = candidate;
  const { fault } = candidate;
  return {
    path: candidate.path,
    file: baseName(candidate.path),
    feed: feed.name,
    source: feed.source,
    sha256: candidate.sha256,
    size: candidate.size,
    action: decided.action,
    why: decided.why,
    location: decided.action === "work" ? candidate.location : null,
    mtime_ms: candidate.mtimeMs,
    inode: candidate.inode,
    contract_hash: judging.contractHash(feed.name),
    threshold: decided.why === "released" ? 0 : judging.threshold(feed.source),
    job: null,
    twin_of: decided.twin_of ?? null,
    fault:
      decided.action === "refused" && fault !== null
        ? { code: "unreadable_file", message: fault.message, raw_base64: fault.head_base64 }
        : null,
  };
}
