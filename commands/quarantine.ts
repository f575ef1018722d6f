import { GristmillError } from "../lib/errors.js";
import { exportRecords } from "../runs/quarantine/export.js";
import { listRecords } from "../runs/quarantine/listed.js";
import { openStageEngine } from "../runs/stage-engine.js";
import type { CommandSpec } from "./command.js";
import { printExport, printRecords } from "./print-quarantine.js";
import { quarantineFilter, quarantineFlags } from "./quarantine-flags.js";

/** `gristmill quarantine ls|show|export`: what was held back and why, counts first. */
export const command: CommandSpec = {
  configure: (sub) => {
    sub.argument("<action>", "ls (counts), show (counts and records), export (files to mend and replay)");
    quarantineFlags(sub)
      .option("--limit <n>", "records to show", "20")
      .option("--all", "also records that a replay has published", false)
      .option(
        "--out <dir>",
        "folder to export into; without it the records go to standard output as JSON lines",
      )
      .option("--mask", "hide personal columns in the export", false);
  },
  execute: async (context, options, [action]) => {
    const filter = quarantineFilter(options);
    const temp = `${context.paths.staging}/quarantine-${process.pid}`;
    const engine = await openStageEngine(context.config(), temp);
    try {
      if (action === "ls") return printRecords(context, await listRecords(context, engine, filter, 0), 0);
      if (action === "show") {
        const limit = numberOf(options["limit"]);
        return printRecords(context, await listRecords(context, engine, filter, limit), limit);
      }
      if (action === "export") {
        const out = typeof options["out"] === "string" ? options["out"] : null;
        const wanted = { out, mask: options["mask"] === true };
        return printExport(context, await exportRecords(context, engine, filter, wanted));
      }
      throw new GristmillError("bad_flag", `quarantine wants ls, show or export, not ${action ?? "nothing"}`);
    } finally {
      engine.close();
    }
  },
};

function numberOf(value: unknown): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 0)
    throw new GristmillError("bad_flag", `--limit ${value} is no number`);
  return limit;
}
