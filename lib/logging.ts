import { appendFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Logger } from "pino";

/** What a line of the log may carry besides its message. Values from the data never belong there. */
export interface LogFields {
  readonly source?: string;
  readonly feed?: string;
  readonly file?: string;
  readonly job?: string;
  readonly [figure: string]: string | number | boolean | null | undefined;
}

export interface RunLog {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const require = createRequire(import.meta.url);

/** The run's log: JSON lines in `<folder>/pipeline_<run>.log`, opened with the first line. */
export function openLog(folder: string, run: string, stage: string): RunLog {
  let logger: Logger | null = null;
  const opened = (): Logger => {
    logger ??= openPino(join(folder, `pipeline_${run}.log`), folder, { run, stage });
    return logger;
  };
  return {
    info: (message, fields = {}) => opened().info(fields, message),
    warn: (message, fields = {}) => opened().warn(fields, message),
    error: (message, fields = {}) => opened().error(fields, message),
  };
}

/** pino is loaded with the first line alone: it costs a process 40 ms. */
function openPino(
  file: string,
  folder: string,
  base: { readonly run: string; readonly stage: string },
): Logger {
  const { pino } = require("pino") as typeof import("pino");
  mkdirSync(folder, { recursive: true });
  // opened for each line, of which a stage has a few: a process that runs many stages keeps no file open
  const destination = { write: (line: string) => appendFileSync(file, line) };
  return pino(
    { base, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    destination,
  );
}
