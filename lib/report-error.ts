import { GristmillError, messageOf } from "./errors.js";

/** Tell people of an error, on standard error; the exit code that it stands for. */
export function reportError(error: unknown): number {
  if (error instanceof GristmillError) {
    process.stderr.write(`gristmill: ${error.code}: ${error.message}\n`);
    return error.exitCode;
  }
  const isDebug = process.env["GRISTMILL_DEBUG"] !== undefined;
  const detail = isDebug && error instanceof Error ? error.stack : messageOf(error);
  process.stderr.write(`gristmill: internal: ${detail}\n`);
  return 1;
}
