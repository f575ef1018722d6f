import { readFileSync } from "node:fs";
import type { Engine } from "../../engines/engine.js";
import type { LedgerState } from "../../lake/ledger-state.js";
import type { LedgerEntry } from "../../lib/run-types.js";
import { type QuarantineRow, readQuarantine, rowsByPath } from "../../quality/quarantine/browse.js";
import { exportFile, isWholeFile } from "../../quality/quarantine/export.js";
import { type RawLayout, rawLayout } from "../../quality/quarantine/raw-layout.js";
import { editedFiles } from "../../quality/replay/manifest.js";
import { readReport } from "../../quality/reports/read-report.js";
import type { RunContext } from "../run-context.js";
import type { ReplayRequest } from "./request.js";

/** Records of one file that are to be judged again, as a file of their own. */
export interface ReplayInput {
  readonly entry: LedgerEntry;
  /** Ids of the records, in the order of `content`. */
  readonly ids: readonly string[];
  readonly content: Uint8Array;
  readonly layout: RawLayout;
  readonly edited: boolean;
  /** Each record as a file of its own, for records that spoil one another side by side; null where they were edited. */
  readonly alone: (() => readonly Uint8Array[]) | null;
}

export interface FoundInputs {
  readonly inputs: readonly ReplayInput[];
  readonly notes: readonly string[];
}

/** What the request names: quarantined records as they stand, or as an export was mended. Throws bad_replay. */
export async function findInputs(
  context: RunContext,
  engine: Engine,
  ledger: LedgerState,
  { filter, from }: ReplayRequest,
): Promise<FoundInputs> {
  const edited = from === null ? null : new Map(editedFiles(from).map((file) => [file.path, file]));
  const rows = await readQuarantine(
    engine,
    context.paths,
    { ...filter, withReplayed: edited !== null },
    null,
  );
  const inputs: ReplayInput[] = [];
  const notes: string[] = [];
  for (const [path, all] of rowsByPath(rows)) {
    const file = edited?.get(path);
    if (edited !== null && file === undefined) continue;
    const known = new Set(file?.ids);
    const own = file === undefined ? all : all.filter((row) => known.has(row.id));
    const entry = ledger.live.get(path);
    const why = refusal(entry, own);
    if (why !== null) notes.push(`${path} is left out: ${why}`);
    if (entry === undefined || why !== null || own.length === 0) continue;
    if (file !== undefined && own.length !== file.ids.length) {
      notes.push(`${path} is left out: the quarantine has changed since the export; export again`);
    } else if (file !== undefined && own.every((row) => row.replayed_by !== null)) {
      notes.push(`${path} is left out: its records were replayed already`);
    } else if (file !== undefined && own.some((row) => row.replayed_by !== null)) {
      notes.push(`${path} is left out: some of its records were replayed already; export again`);
    } else {
      const content = file === undefined ? null : readFileSync(file.file);
      inputs.push(inputOf(context, entry, own, file?.ids ?? null, content));
    }
  }
  return { inputs, notes };
}

/** Why records of a file cannot be replayed; null when they can. */
function refusal(entry: LedgerEntry | undefined, rows: readonly QuarantineRow[]): string | null {
  if (entry === undefined) return "the ledger does not know it";
  if (entry.status === "released") return "it is released, and the next run works on it anyway";
  if (entry.status !== "published" && entry.status !== "held") return `its status is ${entry.status}`;
  if (entry.carrier !== entry.path) return `its content stands under ${entry.carrier}`;
  if (rows.some((row) => row.sha256 !== entry.sha256)) return "its content has changed since";
  return rows.some(isWholeFile) ? "it could not be read as records; mend the file or its feed and run" : null;
}

function inputOf(
  context: RunContext,
  entry: LedgerEntry,
  rows: readonly QuarantineRow[],
  ids: readonly string[] | null,
  content: Uint8Array | null,
): ReplayInput {
  const feed = context.config().feeds[entry.feed];
  const header = readReport(context.paths, entry.path)?.header ?? [];
  const build = (some: readonly QuarantineRow[]): Uint8Array =>
    exportFile(some, feed, header, new Set()).content;
  const layout = rawLayout(
    entry.path,
    feed,
    header,
    rows.map((row) => row.raw),
  );
  const isWorkbook = /\.xlsx$/i.test(entry.path) && header.length > 0;
  return {
    entry,
    ids: ids ?? rows.map((row) => row.id),
    content: content ?? build(rows),
    layout: isWorkbook ? { ...layout, format: "csv", delimiter: "," } : layout,
    edited: content !== null,
    alone: content === null ? () => rows.map((row) => build([row])) : null,
  };
}
