import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { ident, literal } from "../../engines/quote.js";
import { withJsonRows } from "../../lake/json-rows.js";
import type { DataPaths, StagingPaths } from "../../lib/paths.js";
import type { FileResult, JobResult, LedgerEntry, RuleCount } from "../../lib/run-types.js";
import { quarantineColumns, stagedColumns } from "../quarantine/columns.js";
import { readReport } from "../reports/read-report.js";

/** A file some of whose quarantined records were judged again. */
export interface ReplayedFile {
  readonly entry: LedgerEntry;
  /** Folder below `work/` that its result goes to. */
  readonly job: string;
  /** Relation of the rows that the file has accepted so far: canonical columns, `_file`, `_run`, `_rescued`; null = none. */
  readonly base: string | null;
  /** Relation of its quarantined records as they stand, with all columns of the quarantine table. */
  readonly quarantine: string;
  /** The ids of the judged records, by their place in the replay's input. */
  readonly ids: readonly string[];
  /** What the worker handed over for that input. */
  readonly judged: JobResult;
  /** Each record was judged as a file of its own, whose path ends in its place. */
  readonly apart: boolean;
  /** The records' text was edited: what still fails keeps its reasons and its text. */
  readonly edited: boolean;
}

/** What the columns of the source's contract are, and whether records must be traced back. */
export interface ReplayContract {
  readonly columns: readonly string[];
  readonly eventTime: string | null;
  readonly needsRecord: boolean;
}

export interface Merged {
  /** Hand-over of the whole file: what it had accepted and what passes now; what stays in quarantine. */
  readonly result: JobResult;
  /** Staged Parquet of records that a replay has published: they stay in the table, but count as accepted. */
  readonly marked: string;
  readonly passed: number;
}

/** merged: a hand-over with what passes now · nothing: none of its records passes · left_out: it cannot be judged, and why. */
export type Replayed =
  | { readonly kind: "merged"; readonly merged: Merged }
  | { readonly kind: "nothing" }
  | LeftOut;

export interface LeftOut {
  readonly kind: "left_out";
  /** A sentence that begins with the file's path. */
  readonly why: string;
}

export function leftOut(path: string, why: string): LeftOut {
  return { kind: "left_out", why: `${path} is left out: ${why}` };
}

/**
 * Put a file together again from what it had accepted, what passes now and what stays in quarantine, as if one worker
 * had judged it whole: the gate, the tables and the ledger then follow as for any file. null when nothing passes; a text says why the file
 * is left out.
 */
export async function mergeReplay(
  engine: Engine,
  paths: DataPaths,
  staging: StagingPaths,
  run: string,
  now: string,
  contract: ReplayContract,
  file: ReplayedFile,
): Promise<Replayed> {
  const folder = join(staging.work, file.job);
  mkdirSync(folder, { recursive: true });
  await nameTables(engine, staging, file);
  if ((await countOf(engine, "replay_index")) !== file.ids.length) {
    const why = "it is judged otherwise now; run the pipeline, which judges held files anew";
    return leftOut(file.entry.path, why);
  }
  const passed = await countOf(engine, "replay_passed");
  if (passed === 0) return { kind: "nothing" };
  const accepted = join(folder, "accepted.parquet");
  await engine.copy(acceptedSelect(contract, file), { to: accepted });
  const quarantined = join(folder, "quarantined.parquet");
  await engine.copy(stillQuarantined(file, now), { to: quarantined });
  const marked = join(folder, "marked.parquet");
  await engine.copy(markedRows(file.quarantine, run), { to: marked });
  const result = await fileResult(engine, paths, contract, file, accepted, quarantined);
  const handedOver: JobResult = {
    job: file.job,
    source: file.entry.source,
    files: [result],
    accepted: [accepted],
    quarantined: result.quarantined === 0 ? [] : [quarantined],
    profile: file.judged.profile,
  };
  return { kind: "merged", merged: { result: handedOver, marked, passed } };
}

const indexColumns = [
  { name: "id", type: "string" },
  { name: "place", type: "long" },
];

/** Temporary tables: `replay_index` (id, place, record), `replay_failed` (place, reasons), `replay_passed` (id). */
async function nameTables(
  engine: Engine,
  staging: StagingPaths,
  { ids, judged, quarantine, apart }: ReplayedFile,
): Promise<void> {
  const place = apart ? placeInName("path") : "record";
  const index = ids.map((id, at) => ({ id, place: at + 1 }));
  await withJsonRows(index, indexColumns, staging.temp, (select) =>
    engine.run(`create or replace temp table replay_index as
      select i.id, i.place, q.record from (${select}) as i join ${quarantine} as q on q.id = i.id`),
  );
  const failed =
    judged.quarantined.length === 0
      ? `select record as place, reasons from ${quarantine} where false`
      : `select ${place} as place, reasons from ${parquet(judged.quarantined)}`;
  await engine.run(`create or replace temp table replay_failed as ${failed}`);
  await engine.run(`create or replace temp table replay_passed as
    select id from replay_index where place not in (select place from replay_failed)`);
}

function placeInName(column: string): string {
  return `cast(regexp_extract(${column}, '([0-9]+)$', 1) as bigint)`;
}

function acceptedSelect(contract: ReplayContract, { base, judged, entry, apart }: ReplayedFile): string {
  const columns = [...contract.columns, "_rescued"].map(ident).join(", ");
  const path = literal(entry.path);
  const record = contract.needsRecord ? ", i.record as _record" : "";
  const places = contract.needsRecord
    ? ` as a join replay_index as i on i.place = ${apart ? placeInName("a._file") : "a._record"}`
    : "";
  const before = contract.needsRecord ? ', cast(0 as bigint) as "_record"' : "";
  const old =
    base === null
      ? []
      : [`select ${columns}, _file, _run, cast(0 as bigint) as _warnings${before} from ${base}`];
  if (judged.accepted.length === 0) return old.join("");
  const added = `select ${columns}, ${path} as _file, _run, cast(0 as bigint) as _warnings${record}
    from ${parquet(judged.accepted)}${places}`;
  return [...old, added].join(" union all ");
}

/** What fails again has its new reasons, unless it was edited: those speak of another text than the one kept. */
function stillQuarantined({ quarantine, edited }: ReplayedFile, now: string): string {
  const own = quarantineColumns.map(({ name }) => {
    if (edited) return `q.${ident(name)}`;
    if (name === "reasons") return "coalesce(f.reasons, q.reasons) as reasons";
    if (name === "judged_at") {
      return `case when f.place is null then q.judged_at else cast(${literal(now)} as timestamptz) end as judged_at`;
    }
    return `q.${ident(name)}`;
  });
  return `select ${own.join(", ")} from ${quarantine} as q
    left join replay_index as i on i.id = q.id left join replay_failed as f on f.place = i.place
    where q.replayed_by is null and q.id not in (select id from replay_passed)`;
}

/** Quarantined records that a replay has published, now or before. Needs the table `replay_passed` (id). */
export function markedRows(quarantine: string, run: string): string {
  const staged = stagedColumns.map(([name]) => ident(name)).join(", ");
  return `select ${staged}, judged_at, coalesce(replayed_by, ${literal(run)}) as replayed_by from ${quarantine}
    where replayed_by is not null or id in (select id from replay_passed)`;
}

async function fileResult(
  engine: Engine,
  paths: DataPaths,
  contract: ReplayContract,
  { entry, judged }: ReplayedFile,
  accepted: string,
  quarantined: string,
): Promise<FileResult> {
  const report = readReport(paths, entry.path);
  const nulls = contract.columns.map(
    (name) => `count(*) filter (where ${ident(name)} is null) as ${ident(name)}`,
  );
  const [counted] = await engine.all(`select ${nulls.join(", ")} from ${parquet([accepted])}`);
  const time = contract.eventTime === null ? null : ident(contract.eventTime);
  const bounds = time === null ? {} : ((await engine.all(boundsSelect(time, accepted)))[0] ?? {});
  const bad = await countOf(engine, parquet([quarantined]));
  const first = judged.files[0];
  return {
    path: entry.path,
    outcome: "judged",
    message: null,
    lines: entry.lines,
    header_lines: entry.header_lines,
    blank_lines: entry.blank_lines,
    bytes: entry.bytes,
    records: entry.records,
    accepted: entry.records - bad,
    quarantined: bad,
    stray_quotes: entry.stray_quotes,
    header: report?.header ?? first?.header ?? [],
    unknown_columns: report?.unknown_columns ?? [],
    lost_columns: report?.lost_columns ?? [],
    null_counts: Object.fromEntries(contract.columns.map((name) => [name, Number(counted?.[name] ?? 0)])),
    rules: await countRules(engine, quarantined),
    oracle: first?.oracle ?? { judged: 0, disagreements: 0, examples: [] },
    event_time_min: isoOrNull(bounds["low"]),
    event_time_max: isoOrNull(bounds["high"]),
  };
}

function boundsSelect(time: string, accepted: string): string {
  return `select strftime(min(${time}), '%Y-%m-%dT%H:%M:%S.%gZ') as low,
    strftime(max(${time}), '%Y-%m-%dT%H:%M:%S.%gZ') as high from ${parquet([accepted])}`;
}

async function countRules(engine: Engine, quarantined: string): Promise<readonly RuleCount[]> {
  const rows = await engine.all(
    `with reason as (select unnest(reasons) as r from ${parquet([quarantined])})
     select r.rule as rule, r.code as code, r."column" as "column", count(*) as n from reason group by all order by all`,
  );
  return rows.map((row) => ({
    rule: String(row["rule"]),
    code: String(row["code"]) as RuleCount["code"],
    column: row["column"] === null ? null : String(row["column"]),
    severity: "error",
    count: Number(row["n"]),
    samples: [],
  }));
}

async function countOf(engine: Engine, relation: string): Promise<number> {
  const rows = await engine.all(`select count(*) as n from ${relation}`);
  return Number(rows[0]?.["n"] ?? 0);
}

function parquet(paths: readonly string[]): string {
  return `read_parquet([${paths.map(literal).join(", ")}], union_by_name = true)`;
}

function isoOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
