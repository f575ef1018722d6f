import type { FileResult, FileVerdict, PlannedFile } from "../../lib/run-types.js";
import type { StagedFile } from "./staged-results.js";

/** Decide on one planned file that a worker had, or that discovery refused. */
export function judgeFile(planned: PlannedFile, staged: StagedFile | null): FileVerdict {
  if (planned.action === "skip") return untouched(planned, "skipped", null);
  if (planned.action === "waiting") return untouched(planned, "waiting", "still being written");
  if (planned.action === "refused") return refused(planned);
  if (staged === null) return untouched(planned, "error", "no worker handed over a result for it");
  return judgeResult(planned, staged.job, staged.result);
}

function judgeResult(planned: PlannedFile, job: string, result: FileResult): FileVerdict {
  const base = { ...entryOf(planned), job, ...sizesOf(result), message: result.message };
  switch (result.outcome) {
    case "waiting":
      return { ...untouched(planned, "waiting", result.message ?? "changed during work"), job };
    case "error":
      return { ...base, status: "error", message: result.message ?? "the worker failed" };
    case "unreadable":
    case "missing_column":
      return { ...base, records: 1, quarantined: 1, score: 0, status: "held", rejudged: true };
    case "judged":
      return judgeCounts(base, result);
  }
}

function judgeCounts(base: FileVerdict, result: FileResult): FileVerdict {
  const { records, accepted, quarantined } = result;
  const counted = { ...base, records, accepted, quarantined };
  const fault = imbalance(result);
  if (fault !== null) return { ...counted, status: "error", message: fault };
  if (result.oracle.disagreements > 0) {
    const example = result.oracle.examples[0];
    const detail = example === undefined ? "" : `, such as: ${example}`;
    return {
      ...counted,
      status: "error",
      message: `the oracle disagrees with SQL on ${result.oracle.disagreements} of ${result.oracle.judged} records${detail}`,
    };
  }
  return gate({ ...counted, rejudged: true });
}

/** Hold or publish a balanced file by its counts: good records of a held file are `held`, not `accepted`. */
export function gate(file: FileVerdict): FileVerdict {
  const good = file.accepted + file.held;
  const { records } = file;
  if (records === 0) {
    return { ...file, score: null, status: "published", message: file.message ?? "holds no records" };
  }
  const score = (100 * good) / records;
  // compared without the division, so that 97 of 100 meets 97
  if (100 * good >= file.threshold * records) {
    return { ...file, accepted: good, held: 0, score, status: "published" };
  }
  return hold({ ...file, score }, `gate ${score.toFixed(2)} % is below the threshold of ${file.threshold} %`);
}

/** Hold a file: what was accepted of it is counted as held. */
export function hold(file: FileVerdict, message: string): FileVerdict {
  return { ...file, accepted: 0, held: file.accepted + file.held, status: "held", message };
}

function imbalance(result: FileResult): string | null {
  const { records, accepted, quarantined, lines, header_lines, blank_lines } = result;
  if (records !== accepted + quarantined) {
    return `does not balance: ${records} records, but ${accepted} accepted and ${quarantined} quarantined`;
  }
  if (lines !== null && lines < header_lines + blank_lines) {
    return `does not balance: ${lines} lines, but ${header_lines} of header and ${blank_lines} blank`;
  }
  return null;
}

function refused(planned: PlannedFile): FileVerdict {
  return {
    ...untouched(planned, "held", planned.fault?.message ?? "cannot be read"),
    records: 1,
    quarantined: 1,
    score: 0,
    rejudged: true,
  };
}

/** An entry of which nothing was counted. */
function untouched(planned: PlannedFile, status: FileVerdict["status"], message: string | null): FileVerdict {
  return { ...entryOf(planned), status, message };
}

function entryOf(planned: PlannedFile): FileVerdict {
  return {
    source: planned.source,
    feed: planned.feed,
    file: planned.file,
    path: planned.path,
    sha256: planned.sha256,
    bytes: planned.size,
    lines: null,
    header_lines: 0,
    blank_lines: 0,
    records: 0,
    accepted: 0,
    quarantined: 0,
    held: 0,
    score: null,
    status: "skipped",
    stray_quotes: 0,
    contract_hash: planned.contract_hash,
    threshold: planned.threshold,
    job: planned.job,
    why: planned.why,
    message: null,
    twin_of: planned.twin_of,
    rejudged: false,
  };
}

function sizesOf(
  result: FileResult,
): Pick<FileVerdict, "lines" | "header_lines" | "blank_lines" | "bytes" | "stray_quotes"> {
  const { lines, header_lines, blank_lines, bytes, stray_quotes } = result;
  return { lines, header_lines, blank_lines, bytes, stray_quotes };
}
