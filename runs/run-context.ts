import type { Config } from "../lib/config-types.js";
import type { RunLog } from "../lib/logging.js";
import type { DataPaths } from "../lib/paths.js";

/** What a run and its stages are given: where the data lies, its configuration, the run's name and its log. */
export interface RunContext {
  readonly paths: DataPaths;
  /** Loads, checks and freezes the configuration at the first call. Throws bad_configuration. */
  config(): Config;
  readonly configDir: string | null;
  /** Id of the run, from `--run` or GRISTMILL_RUN; stages only. Throws bad_flag. */
  run(): string;
  /** The run's log, for one stage; stages only. */
  log(stage: string): RunLog;
}
