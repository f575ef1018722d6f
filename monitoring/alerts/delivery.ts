import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, systemCode } from "../../lib/errors.js";

/** What became of a message, in words for the run file. */
export type Outcome =
  | { readonly ok: true; readonly words: string }
  | { readonly ok: false; readonly words: string };

/** One try to deliver; throws when it fails. Returns what happened, in words. */
export type Attempt = (signal: AbortSignal) => Promise<string>;

/** A failure that another try cannot mend, such as a missing variable. Never holds a secret. */
export class Undeliverable extends Error {}

const FIRST_PAUSE_MS = 250;

/** Tries with growing pauses until it is delivered, the tries are used up or the signal ends it. Never throws. */
export async function deliver(attempt: Attempt, retries: number, signal: AbortSignal): Promise<Outcome> {
  let failure = "no time was left";
  for (let tried = 0; tried <= retries && !signal.aborted; tried += 1) {
    try {
      return { ok: true, words: await untilAborted(attempt(signal), signal) };
    } catch (error) {
      failure = `${failureInWords(error, signal)} (${tried + 1} of ${retries + 1} tries)`;
      if (error instanceof Undeliverable) return { ok: false, words: `failed: ${error.message}` };
    }
    if (tried < retries && !signal.aborted) await pause(FIRST_PAUSE_MS * 2 ** tried, signal);
  }
  return { ok: false, words: `failed: ${failure}` };
}

/** The promise, or a rejection as soon as the signal ends: a client that ignores the signal cannot hold up the run. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new Error("no answer in time"));
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    // the signal ends the pause, and with it the tries; anything else is a fault
    if (!signal.aborted) throw error;
  }
}

/** The kind of failure only: messages of clients may quote URLs, and URLs hold secrets. */
function failureInWords(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "no answer in time";
  if (error instanceof Undeliverable || error instanceof Answered) return error.message;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = systemCode(cause) ?? systemCode(error);
  if (code === "ETIMEDOUT") return "no answer in time";
  return code ?? messageOf(error).replaceAll(/\S+:\/\/\S+/g, "…");
}

/** The receiver answered, but not with success. */
export class Answered extends Error {
  constructor(status: number) {
    super(`answered ${status}`);
  }
}
