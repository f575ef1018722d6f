import { errorCatalogue } from "./error-catalogue.js";
import { GristmillError, messageOf } from "./errors.js";

/** Tell people of an error, on standard error; the exit code that it stands for. */
export function reportError(error: unknown): number {
  if (error instanceof GristmillError) {
    process.stderr.write(`gristmill: ${error.code}: ${error.message}\n`);
    return error.exitCode;
  }
  if (isFileSystemError(error)) {
    process.stderr.write(`gristmill: file_system: ${messageOf(error)}\n`);
    return errorCatalogue.file_system.exit;
  }
  const isDebug = process.env["GRISTMILL_DEBUG"] !== undefined;
  const detail = isDebug && error instanceof Error ? error.stack : messageOf(error);
  process.stderr.write(`gristmill: internal: ${detail}\n`);
  return 1;
}

/** What Node itself throws where a call to the file system fails: no fault of ours (disk full, read-only, vanished). */
function isFileSystemError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // the engine tells of the disk in words alone
  return ("syscall" in error && "path" in error) || error.message.startsWith("IO Error: Could not");
}
