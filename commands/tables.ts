import { GristmillError } from "../lib/errors.js";
import { showTable, tableList } from "../runs/tables.js";
import type { CommandContext, CommandSpec } from "./command.js";
import { printTable } from "./print-table.js";
import { textTable } from "./text-table.js";

/** `tables` lists them; `tables show NAME --version N` looks into one, also as it was. */
export const command: CommandSpec = {
  configure: (sub) =>
    sub
      .argument("[action]", "show")
      .argument("[name]", "processed/sales, or short: sales")
      .option("--version <n>", "as it was at this version")
      .option("--rows <n>", "print some rows too, as they are: personal columns may be among them", "0"),
  execute: async (context, options, [action, name]) => {
    if (action === undefined) return list(context);
    if (action !== "show" || name === undefined) {
      throw new GristmillError("bad_flag", "tables takes nothing, or show NAME [--version N] [--rows N]");
    }
    const { version } = options;
    const at = version === undefined ? undefined : wholeNumber("--version", version);
    printTable(context, await showTable(context, name, at, wholeNumber("--rows", options["rows"])));
    return 0;
  },
};

const NAMES = ["name", "version", "rows", "files", "bytes"];

async function list(context: CommandContext): Promise<number> {
  const rows = await tableList(context.paths);
  if (context.json) context.print(JSON.stringify(rows));
  else
    for (const line of textTable(
      NAMES,
      rows.map((row) => ({ ...row })),
    ))
      context.print(line);
  return 0;
}

function wholeNumber(flag: string, value: unknown): number {
  if (!/^\d{1,9}$/.test(String(value))) {
    throw new GristmillError("bad_flag", `${flag} wants a whole number, not ${String(value)}`);
  }
  return Number(value);
}
