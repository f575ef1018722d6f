import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { GristmillError } from "../../lib/errors.js";

/** Start this very command again for another part of its work; resolves when it has ended well. It dies with us. */
export function startPart(part: number): Promise<void> {
  const [node, program, ...flags] = process.argv as [string, string, ...string[]];
  const child = spawn(node, [...process.execArgv, program, ...flags, "--part", String(part)], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    env: { ...process.env, GRISTMILL_MASTER_PIPE: "3" },
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new GristmillError("internal", `part ${part} of the work ended with ${signal ?? code}`));
    });
  });
  // Awaited once our own part is done; until then a failure must not count as unhandled.
  ended.catch(() => undefined);
  return ended;
}

/** Whoever started us holds the other end of this pipe: its end means that nobody waits for our result. */
export function endWithStarter(): void {
  if (process.env["GRISTMILL_MASTER_PIPE"] !== "3") return;
  const pipe = new Socket({ fd: 3, readable: true, writable: false });
  const gone = (): never => {
    process.stderr.write("gristmill: who started this worker is gone, and so is it\n");
    // at once: the engine's threads would go on until their query ends
    process.kill(process.pid, "SIGKILL");
    return undefined as never;
  };
  pipe.on("end", gone).on("error", gone).resume();
  pipe.unref();
}
