import { type ErrorCode, errorCatalogue } from "./error-catalogue.js";

/** The one error class of the product. `message` says what, where and what to do. */
export class GristmillError extends Error {
  readonly code: ErrorCode;
  /** Process exit code that this error stands for (see docs/errors.md). */
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "GristmillError";
    this.code = code;
    this.exitCode = errorCatalogue[code].exit;
  }
}

/** Node's own error code (ENOENT, ENOSPC, …) of an unknown thrown value, or null. */
export function systemCode(error: unknown): string | null {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return null;
}

/** The message of an unknown thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
