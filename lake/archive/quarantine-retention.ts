import { join } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { literal, literalList } from "../../engines/quote.js";
import { type FileEffects, nodeEffects } from "../../lib/effects.js";
import { type DataPaths, stagingPaths } from "../../lib/paths.js";
import { applyPlan } from "../apply-plan.js";
import { makeCommitPlan, writeCommitPlan } from "../commit-plan.js";
import { relation } from "../relation.js";
import { type LiveFile, openTable } from "../snapshot.js";
import { writeTableFiles } from "../write-files.js";

const TABLE = "quality/quarantine";
const DAY_MS = 86_400_000;

export interface QuarantineRetention {
  readonly run: string;
  /** 0 keeps all. */
  readonly days: number;
  readonly now: number;
  /** Paths whose records stay whatever their age: held files wait for someone. */
  readonly held: readonly string[];
  /** Opened only when something is old enough. */
  readonly engine: () => Promise<Engine>;
  readonly effects?: FileEffects;
}

/** Lets go of quarantined records judged more than `days` days ago, in one commit. Returns how many went. */
export async function pruneQuarantine(paths: DataPaths, request: QuarantineRetention): Promise<number> {
  if (request.days <= 0) return 0;
  const { effects = nodeEffects } = request;
  const cutoff = new Date(request.now - request.days * DAY_MS).toISOString();
  const snapshot = await openTable(paths, TABLE);
  const old = snapshot.files.filter((file) => mayHoldBefore(file, cutoff));
  if (old.length === 0) return 0;
  const engine = await request.engine();
  const source = relation(snapshot, { files: old });
  const held = request.held.length === 0 ? "false" : `path in ${literalList(request.held)}`;
  const stays = `(judged_at >= cast(${literal(cutoff)} as timestamptz) or ${held})`;
  const [counted] = await engine.all(`select count(*) as gone from ${source} where not ${stays}`);
  const gone = Number(counted?.["gone"] ?? 0);
  if (gone === 0) return 0;
  const id = `${request.run}-retention`;
  const staging = stagingPaths(paths, id);
  const adds = await writeTableFiles(engine, `select * from ${source} where ${stays}`, {
    folder: join(staging.tables, ...TABLE.split("/")),
    columns: snapshot.columns,
    partitionBy: snapshot.partitionBy,
    effects,
  });
  const change = {
    table: TABLE,
    columns: snapshot.columns,
    partition_by: snapshot.partitionBy,
    base_version: snapshot.version,
    adds,
    removes: old.map(({ path }) => path),
    data_change: true,
    operation: "RETENTION",
  };
  const { run, now } = request;
  const plan = await makeCommitPlan(paths, { id, run, now, changes: [change], run_file: null, done: [] });
  await writeCommitPlan(paths, plan, effects);
  await applyPlan(paths, plan, effects);
  effects.remove(staging.root);
  return gone;
}

/** By the file's statistics; one without them may hold anything. */
function mayHoldBefore(file: LiveFile, cutoff: string): boolean {
  const earliest = file.stats()?.minValues?.["judged_at"];
  return typeof earliest !== "string" || Date.parse(earliest) < Date.parse(cutoff);
}
