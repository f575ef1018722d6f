#!/usr/bin/env node
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Command, CommanderError } from "commander";
import type { CommandContext } from "./commands/command.js";
import { loaders, summaries } from "./commands/registry.js";
import { loadConfig } from "./lib/config.js";
import type { Config } from "./lib/config-types.js";
import { GristmillError, systemCode } from "./lib/errors.js";
import { readJson } from "./lib/json-file.js";
import { leaveMeasure, measureOf } from "./lib/measure.js";
import { dataPaths, packageRoot, stagingPaths } from "./lib/paths.js";
import { reportError } from "./lib/report-error.js";
import { isStage } from "./lib/stages.js";
import { openRunLog } from "./runs/log-folder.js";

/** Most stages live for a second or two: V8 would spend a fifth of their CPU on optimizing what is soon over. */
const LATER = "--interrupt-budget=600000";

async function main(argv: readonly string[]): Promise<number> {
  setFlagsFromString(LATER);
  const program = new Command("gristmill")
    .description("Raw e-commerce files to trusted tables.")
    .version(readJson<{ version: string }>(`${packageRoot}/package.json`).version)
    // a subcommand's --version is its own
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  let exitCode = 0;
  for (const [name, summary] of Object.entries(summaries)) {
    const sub = program.command(name).description(summary);
    if (argv[0] !== name) continue;
    const { command } = await loaders[name as keyof typeof summaries]();
    sub
      .option("--data-dir <dir>", "data folder", process.env["GRISTMILL_DATA_DIR"] ?? "data")
      .option("--config-dir <dir>", "configuration folder", process.env["GRISTMILL_CONFIG_DIR"])
      .option("--json", "machine-readable output", false)
      .option("--run <run>", "id of the run (stages)", process.env["GRISTMILL_RUN"]);
    command.configure(sub);
    sub.action(async () => {
      const context = contextOf(sub.opts());
      try {
        exitCode = await command.execute(context, sub.opts(), sub.args);
      } finally {
        if (isStage(name) && typeof sub.opts()["run"] === "string")
          leaveMeasure(stagingPaths(context.paths, context.run()), measureOf(name));
      }
    });
  }
  if (argv.length === 0) {
    program.outputHelp();
    return 0;
  }
  await program.parseAsync([...argv], { from: "user" });
  return exitCode;
}

function contextOf(options: Record<string, unknown>): CommandContext {
  const configDir = typeof options["configDir"] === "string" ? resolve(options["configDir"]) : null;
  let config: Config | null = null;
  const paths = dataPaths(resolve(String(options["dataDir"])));
  const run = (): string => {
    if (typeof options["run"] === "string") return options["run"];
    throw new GristmillError("bad_flag", "--run is missing: stages are started by pipeline_master.sh");
  };
  return {
    paths,
    configDir,
    json: options["json"] === true,
    print: (line) => process.stdout.write(`${line}\n`),
    config: () => {
      config ??= loadConfig({ configDir, environment: process.env });
      return config;
    },
    run,
    log: (stage) => openRunLog(paths, run(), stage),
  };
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 78;
  return reportError(error);
}

// who reads our lines may stop reading (`| head`): that is no fault
process.stdout.on("error", (error) => {
  if (systemCode(error) !== "EPIPE") throw error;
  process.exit(0);
});

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.exitCode = report(error);
  },
);
