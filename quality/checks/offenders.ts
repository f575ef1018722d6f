import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";
import type { RawRecord } from "../../lib/handover/raw-record.js";
import type { StagingPaths } from "../../lib/paths.js";
import type { FileVerdict, Reason } from "../../lib/run-types.js";
import { quarantinedRecord } from "../quarantine/quarantined-record.js";
import { writeQuarantined } from "../quarantine/write-records.js";
import { gate } from "./gate.js";
import type { StagedRows } from "./staged-rows.js";

/** A record that passed the worker but fails a check that needs other records. */
export interface Offender {
  readonly path: string;
  readonly record: number;
  readonly reason: Reason;
}

/** Reads records of a worked file again as they stood; given by who owns the readers. */
export type ExtractRecords = (file: FileVerdict, records: readonly number[]) => Promise<readonly RawRecord[]>;

export interface Moved {
  readonly files: readonly FileVerdict[];
  readonly staged: StagedRows;
  /** Staged Parquet with the moved records. */
  readonly quarantined: string;
}

/** Move offending records of one source from accepted to quarantined, and judge their files' gate anew. */
export async function moveOffenders(
  engine: Engine,
  staging: StagingPaths,
  run: string,
  source: string,
  state: { readonly files: readonly FileVerdict[]; readonly staged: StagedRows },
  offenders: readonly Offender[],
  extract: ExtractRecords,
  step: number,
): Promise<Moved> {
  const folder = join(staging.work, "_checked");
  mkdirSync(folder, { recursive: true });
  const byPath = groupReasons(offenders);
  const records = [];
  for (const file of state.files) {
    const wanted = byPath.get(file.path);
    if (wanted === undefined) continue;
    const raws = new Map((await extract(file, [...wanted.keys()])).map((raw) => [raw.record, raw] as const));
    for (const [record, reasons] of wanted) {
      const raw = raws.get(record) ?? { record, line: null, raw: new Uint8Array() };
      records.push(quarantinedRecord({ ...file, run }, raw, reasons));
    }
  }
  const quarantined = join(folder, `quarantined-${step}.parquet`);
  await writeQuarantined(engine, records, quarantined);
  const accepted = join(folder, `accepted-${step}.parquet`);
  await rewriteWithout(engine, state.staged[source] ?? [], quarantined, accepted);
  return {
    files: state.files.map((file) => moveCounts(file, byPath.get(file.path)?.size ?? 0)),
    staged: { ...state.staged, [source]: [accepted] },
    quarantined,
  };
}

function groupReasons(offenders: readonly Offender[]): Map<string, Map<number, Reason[]>> {
  const byPath = new Map<string, Map<number, Reason[]>>();
  for (const { path, record, reason } of offenders) {
    const records = byPath.get(path) ?? new Map<number, Reason[]>();
    records.set(record, [...(records.get(record) ?? []), reason]);
    byPath.set(path, records);
  }
  return byPath;
}

function moveCounts(file: FileVerdict, moved: number): FileVerdict {
  if (moved === 0) return file;
  return gate({
    ...file,
    accepted: file.accepted + file.held - moved,
    held: 0,
    quarantined: file.quarantined + moved,
  });
}

async function rewriteWithout(
  engine: Engine,
  staged: readonly string[],
  quarantined: string,
  to: string,
): Promise<void> {
  await engine.copy(
    `select * from read_parquet([${staged.map(literal).join(", ")}], union_by_name = true) as accepted
     where not exists (select 1 from read_parquet(${literal(quarantined)}) as moved
       where moved.path = accepted._file and moved.record = accepted._record)`,
    { to },
  );
}
