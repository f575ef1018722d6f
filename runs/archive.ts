import type { Engine } from "../engines/engine.js";
import { archiveRun, type WrittenArchive } from "../lake/archive/archive-run.js";
import { findPigz } from "../lake/archive/find-pigz.js";
import { pruneQuarantine } from "../lake/archive/quarantine-retention.js";
import { pruneArchives } from "../lake/archive/retention.js";
import { coresAtHand } from "../lib/machine.js";
import { stagingPaths } from "../lib/paths.js";
import { readRunFile } from "../lib/run-file.js";
import { withLazyEngine } from "./lazy-engine.js";
import type { RunContext } from "./run-context.js";
import { openStageEngine } from "./stage-engine.js";
import type { StageOutcome } from "./stage-outcome.js";

/** The stage `archive`: the archive of a run, and the retention of archives and of the quarantine. */
export function archiveStage(context: RunContext): Promise<StageOutcome> {
  const temp = stagingPaths(context.paths, context.run()).temp;
  return withLazyEngine(
    () => openStageEngine(context.config(), temp),
    (engine) => archive(context, engine),
  );
}

async function archive(context: RunContext, engine: () => Promise<Engine>): Promise<StageOutcome> {
  const { paths } = context;
  const { archive: settings, retention } = context.config();
  const run = context.run();
  const pack = { pigz: findPigz(process.env["PATH"] ?? ""), cores: coresAtHand() };
  const written = settings.enabled
    ? await archiveRun(paths, { run, cleanRaw: settings.clean_raw, pack, engine })
    : null;
  const now = Date.now();
  const dropped = pruneArchives(paths, { count: retention.archive_count, days: retention.archive_days }, now);
  const held = (readRunFile(paths, run)?.files ?? [])
    .filter(({ status }) => status === "held")
    .map(({ path }) => path);
  const forgotten = await pruneQuarantine(paths, { run, days: retention.quarantine_days, now, held, engine });
  for (const path of written?.missing ?? [])
    context
      .log("archive")
      .warn("changed or vanished after the run read it: not in the archive", { file: path });
  return {
    exitCode: 0,
    said: saidOf(written, dropped.length, forgotten),
    result: { ...written, dropped, forgotten },
  };
}

function saidOf(written: WrittenArchive | null, dropped: number, forgotten: number): string {
  const parts = [archived(written)];
  if (written !== null && written.missing.length > 0)
    parts.push(`${written.missing.length} raw files changed meanwhile and are not in it`);
  if (written !== null && written.removed.length > 0)
    parts.push(`${written.removed.length} raw files removed`);
  if (dropped > 0) parts.push(`${dropped} old archives removed`);
  if (forgotten > 0) parts.push(`${forgotten} old quarantined records let go`);
  return parts.join("; ");
}

function archived(written: WrittenArchive | null): string {
  if (written === null) return "switched off";
  return written.file === null
    ? "nothing was worked on"
    : `${written.file.slice(written.file.lastIndexOf("/") + 1)}: ${written.files} files`;
}
