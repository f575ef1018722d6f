import { GristmillError } from "../lib/errors.js";
import type { CommandSpec } from "./command.js";

export const command: CommandSpec = {
  configure: (command) =>
    command
      .requiredOption("--out <dir>", "folder to fill, as raw/")
      .option("--seed <n>", "the same seed gives the same bytes")
      .option("--size-mb <n>", "unpacked size of all files")
      .option("--days <n>", "days that the files span")
      .option("--faults <percent>", "share of spoilt records in each file")
      .option("--truth <file>", "write the ground truth there, as JSON lines")
      .option("--if-absent", "leave a folder that already holds just these files; refuse other files", false),
  execute: async (context, options) => {
    const { generate, sampleOptions } = await import("../generator/generate.js");
    const { sampleState } = await import("../generator/sample-state.js");
    const wanted = {
      out: String(options["out"]),
      seed: numberOf(options["seed"], sampleOptions.seed, "--seed"),
      megabytes: numberOf(options["sizeMb"], sampleOptions.megabytes, "--size-mb"),
      days: numberOf(options["days"], sampleOptions.days, "--days"),
      faultPercent: numberOf(options["faults"], sampleOptions.faultPercent, "--faults"),
      truth: typeof options["truth"] === "string" ? options["truth"] : null,
    };
    if (wanted.megabytes <= 0 || wanted.days < 1 || wanted.faultPercent > 100)
      throw new GristmillError("bad_flag", "--size-mb and --days must be above 0, --faults at most 100");
    if (options["ifAbsent"] === true) {
      const state = sampleState(wanted);
      if (state.kind === "other")
        throw new GristmillError(
          "bad_flag",
          `${wanted.out} holds files that are not the sample's (${state.path}): give another --data-dir`,
        );
      if (state.kind === "complete") return 0;
    }
    await generate(wanted);
    if (!context.json) context.print(`generated ${wanted.megabytes} MB in ${wanted.out}`);
    return 0;
  },
};

function numberOf(text: unknown, fallback: number, flag: string): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || value < 0)
    throw new GristmillError("bad_flag", `${flag} wants a number of at least 0, not ${String(text)}`);
  return value;
}
