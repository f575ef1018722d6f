import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { GristmillError, messageOf } from "../lib/errors.js";
import type { DataPaths } from "../lib/paths.js";

/**
 * Do something while no run can start in this data folder. Node has no flock, so a child holds the lock for as long as
 * its input is open: it lets go when this process ends, however it ends. Throws locked, file_system.
 */
export async function withDataLock<T>(paths: DataPaths, body: () => Promise<T>): Promise<T> {
  mkdirSync(paths.root, { recursive: true });
  const holder = spawn(
    "flock",
    ["--nonblock", "--conflict-exit-code", "75", paths.lock, "sh", "-c", "echo held; exec cat >/dev/null"],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const ended = once(holder, "exit");
  // the rejection of a child that could not start is looked at below, not here
  ended.catch(() => undefined);
  const outcome = await Promise.race([
    once(holder.stdout, "data").then(() => "held" as const),
    ended.then(([code]) => code as number | null),
  ]).catch((error: unknown) => {
    throw new GristmillError("file_system", `cannot lock ${paths.lock}: ${messageOf(error)}`, {
      cause: error,
    });
  });
  if (outcome === 75) {
    throw new GristmillError(
      "locked",
      `another run holds the lock of ${paths.root}: wait until it has ended`,
    );
  }
  if (outcome !== "held") {
    throw new GristmillError("file_system", `cannot lock ${paths.lock}: flock ended with ${outcome}`);
  }
  try {
    return await body();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
