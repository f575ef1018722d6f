import type { Command } from "commander";
import type { RunContext } from "../runs/run-context.js";

/** What every subcommand gets: what a run is given, and where output goes. */
export interface CommandContext extends RunContext {
  /** Machine-readable output wanted. */
  readonly json: boolean;
  /** Print a line to standard output. */
  print(line: string): void;
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
