import { closeSync, constants, openSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { messageOf, systemCode } from "../../lib/errors.js";

/** Hands bytes to the engine; resolves when the pipe has taken them. */
export type Feed = (write: (blocks: readonly Uint8Array[]) => Promise<void>) => Promise<void>;

/**
 * Runs a query that reads from a named pipe while `feed` writes into it: nothing is copied to disk, and the engine
 * sees only what the guard lets through. A failure on either side ends the other. The pipe is removed.
 */
export async function feedQuery<T>(pipe: string, query: () => Promise<T>, feed: Feed): Promise<T> {
  let opened = false;
  const running = query();
  const feeding = (async () => {
    const handle = await open(pipe, "w");
    opened = true;
    try {
      await feed((blocks) => writeAll(handle, blocks));
    } finally {
      await handle.close();
    }
  })();
  const releaseWriter = running.catch(async () => {
    // Nobody reads any more: a reader that comes and goes lets the writer's open and write return.
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    while (!opened) await new Promise((resolve) => setImmediate(resolve));
    closeSync(reader);
  });
  const [answer, fed] = await Promise.allSettled([running, feeding, releaseWriter]);
  rmSync(pipe, { force: true });
  if (fed.status === "rejected" && systemCode(fed.reason) !== "EPIPE") throw fed.reason;
  if (answer.status === "rejected") throw answer.reason;
  if (fed.status === "rejected") {
    throw new Error(`the engine stopped reading before the end: ${messageOf(fed.reason)}`);
  }
  return answer.value;
}

async function writeAll(handle: FileHandle, blocks: readonly Uint8Array[]): Promise<void> {
  if (blocks.length === 0) return;
  // One write a block of text: thousands of small runs would each cost a turn of the thread pool.
  const bytes = blocks.length === 1 ? (blocks[0] as Uint8Array) : Buffer.concat(blocks);
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}
