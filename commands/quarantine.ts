import type { Command } from "commander";
import type { Engine } from "../engines/engine.js";
import { GristmillError } from "../lib/errors.js";
import {
  countQuarantine,
  jsonRow,
  type QuarantineFilter,
  sizeOfQuarantine,
} from "../quality/quarantine/browse.js";
import { type Exported, exportRecords } from "../runs/quarantine/export.js";
import { countLines } from "../runs/quarantine/lines.js";
import { recordLines, shownRecords } from "../runs/quarantine/show.js";
import { openStageEngine } from "../runs/stage-engine.js";
import type { CommandContext, CommandSpec } from "./command.js";

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
  execute: async (context, options, args) => {
    const filter = quarantineFilter(options);
    return withEngine(context, async (engine) => {
      switch (args[0]) {
        case "ls":
          return list(context, engine, filter, 0);
        case "show":
          return list(context, engine, filter, numberOf(options["limit"]));
        case "export":
          return printExport(
            context,
            await exportRecords(context, engine, filter, {
              out: typeof options["out"] === "string" ? options["out"] : null,
              mask: options["mask"] === true,
            }),
          );
        default:
          throw new GristmillError(
            "bad_flag",
            `quarantine wants ls, show or export, not ${args[0] ?? "nothing"}`,
          );
      }
    });
  },
};

function printExport(context: CommandContext, exported: Exported): number {
  if (exported.kind === "rows") {
    for (const row of exported.rows) context.print(JSON.stringify(jsonRow(row)));
    return 0;
  }
  const { folder, records, files } = exported;
  if (context.json) context.print(JSON.stringify({ folder, records, files }));
  else {
    context.print(`${records} records of ${files.length} files are in ${folder}`);
    context.print(`mend them there, then: gristmill replay --from ${folder}`);
  }
  return 0;
}

/** The flags that choose quarantined records, for `replay` too. */
export function quarantineFlags(sub: Command): Command {
  return sub
    .option("--source <name>", "only this source")
    .option("--reason <code>", "only records with a reason of this code")
    .option("--file <path>", "only this file: its path relative to raw/, or its base name");
}

export function quarantineFilter(options: Readonly<Record<string, unknown>>): QuarantineFilter {
  const text = (name: string): string | null => {
    const value = options[name];
    return typeof value === "string" ? value : null;
  };
  return {
    source: text("source"),
    reason: text("reason"),
    file: text("file"),
    withReplayed: options["all"] === true,
  };
}

async function list(
  context: CommandContext,
  engine: Engine,
  filter: QuarantineFilter,
  limit: number,
): Promise<number> {
  const counts = await countQuarantine(engine, context.paths, filter);
  const records = await sizeOfQuarantine(engine, context.paths, filter);
  const rows = limit === 0 ? [] : await shownRecords(context, engine, filter, limit);
  if (context.json) {
    context.print(
      JSON.stringify({ records, counts, ...(limit === 0 ? {} : { rows: rows.map(jsonRow) }) }, null, 1),
    );
    return 0;
  }
  for (const line of countLines(records, counts)) context.print(line);
  for (const row of rows) for (const line of recordLines(row)) context.print(line);
  return 0;
}

async function withEngine(
  context: CommandContext,
  body: (engine: Engine) => Promise<number>,
): Promise<number> {
  const engine = await openStageEngine(
    context.config(),
    `${context.paths.staging}/quarantine-${process.pid}`,
  );
  try {
    return await body(engine);
  } finally {
    engine.close();
  }
}

function numberOf(value: unknown): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 0)
    throw new GristmillError("bad_flag", `--limit ${value} is no number`);
  return limit;
}
