import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What a command and everything it started used. Linux only: it reads /proc. */
export interface Measure {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The largest single process, in megabytes. */
  readonly peakRssMb: number;
  /** Processes seen; short-lived ones may escape. */
  readonly processes: number;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const POLL_MS = 10;

/**
 * Run a command to its end. CPU is what the kernel booked to children that were waited for; memory is each
 * process's high-water mark (VmHWM), read until it ends.
 */
export function measure(invocation: Invocation): Promise<Measure> {
  const before = childCpuSeconds();
  const started = performance.now();
  const child = spawn(invocation.command, invocation.args, {
    cwd: invocation.cwd,
    env: { ...process.env, ...invocation.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const peaks = new Map<number, number>();
  const poll = setInterval(() => {
    for (const pid of child.pid === undefined ? [] : family(child.pid))
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, highWaterMb(pid)));
  }, POLL_MS);
  return new Promise((done, failed) => {
    child.on("error", (error) => {
      clearInterval(poll);
      failed(error);
    });
    child.on("close", (exitCode) => {
      clearInterval(poll);
      done({
        seconds: (performance.now() - started) / 1000,
        cpuSeconds: childCpuSeconds() - before,
        peakRssMb: Math.max(0, ...peaks.values()),
        processes: peaks.size,
        exitCode,
        stdout,
        stderr,
      });
    });
  });
}

/** A process and all that descend from it. */
function family(root: number): readonly number[] {
  const found = [root];
  for (let at = 0; at < found.length; at += 1)
    for (const child of childrenOf(found[at] as number)) found.push(child);
  return found;
}

function childrenOf(pid: number): readonly number[] {
  const children: number[] = [];
  for (const task of listed(`/proc/${pid}/task`))
    for (const word of textOf(`/proc/${pid}/task/${task}/children`).split(" "))
      if (word !== "") children.push(Number(word));
  return children;
}

function highWaterMb(pid: number): number {
  return Number(/VmHWM:\s+([0-9]+)/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/** User and system time of waited-for children, in hundredths of a second as the kernel keeps them. */
function childCpuSeconds(): number {
  const fields = textOf("/proc/self/stat")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** A process may end between two reads: then there is nothing to tell. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // ended meanwhile
  }
}
