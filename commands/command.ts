import type { Command } from "commander";
import type { Config } from "../lib/config-types.js";
import type { RunLog } from "../lib/logging.js";
import type { DataPaths } from "../lib/paths.js";

/** What every subcommand gets: where the data lies, its configuration, and where output goes. */
export interface CommandContext {
  readonly paths: DataPaths;
  /** Loads, checks and freezes the configuration at the first call. Throws bad_configuration. */
  config(): Config;
  readonly configDir: string | null;
  /** Machine-readable output wanted. */
  readonly json: boolean;
  /** Print a line to standard output. */
  print(line: string): void;
  /** Id of the run, from `--run` or GRISTMILL_RUN; stages only. */
  run(): string;
  /** The run's log, for one stage; stages only. */
  log(stage: string): RunLog;
}

/** One subcommand: its flags and what it does. `execute` returns the exit code. */
export interface CommandSpec {
  configure(command: Command): void;
  execute(
    context: CommandContext,
    options: Readonly<Record<string, unknown>>,
    args: readonly string[],
  ): Promise<number>;
}
