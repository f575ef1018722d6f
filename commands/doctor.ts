import {
  checkConfiguration,
  checkDisk,
  checkLastRun,
  checkLock,
  checkPermissions,
  checkPlans,
  checkTools,
  checkVersions,
  type DoctorFinding,
  guarded,
} from "../runs/doctor/findings.js";
import { checkPersonalLogs } from "../runs/doctor/personal-logs.js";
import type { CommandContext, CommandSpec } from "./command.js";

/** `gristmill doctor`: what stands in the way of the next run, and what to do. Exit 1 when something is bad. */
export const command: CommandSpec = {
  configure: (sub) => {
    sub.option("--health", "only whether the last run was well (for an image's health check)", false);
  },
  execute: async (context, options) => {
    const findings = options["health"] === true ? [lastRunOf(context)] : await everything(context);
    if (context.json) context.print(JSON.stringify(findings, null, 1));
    else for (const finding of findings) context.print(line(finding));
    return findings.some((finding) => finding.state === "bad") ? 1 : 0;
  },
};

function lastRunOf(context: CommandContext): DoctorFinding {
  return guarded("last run", () => checkLastRun(context.paths));
}

async function everything(context: CommandContext): Promise<readonly DoctorFinding[]> {
  const { paths } = context;
  return [
    guarded("versions", checkVersions),
    guarded("tools", checkTools),
    guarded("configuration", () => checkConfiguration(() => context.config())),
    guarded("disk", () => checkDisk(paths)),
    guarded("permissions", () => checkPermissions(paths)),
    guarded("lock", () => checkLock(paths)),
    guarded("unfinished plans", () => checkPlans(paths)),
    await checkPersonalLogs(() => context.config(), paths),
    lastRunOf(context),
  ];
}

function line({ state, check, detail, remedy }: DoctorFinding): string {
  const mark = { ok: "ok  ", warn: "warn", bad: "BAD " }[state];
  return `${mark}  ${check.padEnd(17)} ${detail}${remedy === null ? "" : `\n      → ${remedy}`}`;
}
