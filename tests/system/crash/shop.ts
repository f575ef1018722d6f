import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../../lib/paths.js";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
}

/** Start the pipeline on a data folder; `environment` may preload the killer. */
export function startRun(dataDir: string, environment: Readonly<Record<string, string>> = {}): Started {
  const script = join(packageRoot, "orchestration", "pipeline_master.sh");
  const args = [script, "--data-dir", dataDir, "--as-of", "2026-03-01", "--workers", "2"];
  const child = spawn("bash", args, {
    cwd: packageRoot,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    // not `close`: a process that outlives its master may hold the pipe, and must not hold the test
    child.on("exit", (code, signal) => resolve({ code, signal, output }));
  });
  if (child.pid === undefined) throw new Error("the pipeline did not start");
  return { pid: child.pid, ended };
}

/** The same with the master's process id in a file, where the killer finds it. */
export function startKilledRun(
  dataDir: string,
  at: { readonly point: number | null; readonly torn: boolean; readonly wholeRun: boolean },
  log: string,
): Started {
  const master = `${log}.master`;
  const environment: Record<string, string> = {
    NODE_OPTIONS: `--import ${join(import.meta.dirname, "kill-at.mjs")}`,
    CRASH_LOG: log,
    ...(at.point === null ? {} : { CRASH_AT: String(at.point) }),
    ...(at.torn ? { CRASH_TORN: "1" } : {}),
    ...(at.wholeRun ? { CRASH_MASTER: master } : {}),
  };
  const started = startRun(dataDir, environment);
  writeFileSync(master, String(started.pid));
  return started;
}

/**
 * A small shop of all sources in two nights: the first is published; for the second there are new files of every source
 * and files that changed. Returns the data folder between the two.
 */
export async function shopBetweenNights(folder: string, seed: number): Promise<string> {
  const pool = join(folder, "pool");
  const dataDir = join(folder, "start");
  await program("generate", "--out", pool, "--size-mb", "0.3", "--seed", String(seed), "--days", "6");
  const files = filesBelow(pool);
  const later = files.filter((_, at) => at % 2 === 1);
  for (const path of files.filter((_, at) => at % 2 === 0)) move(pool, path, join(dataDir, "raw"));
  const first = await startRun(dataDir).ended;
  if (first.code !== 0) throw new Error(`the first night ended with ${first.code}: ${first.output}`);
  for (const path of later) move(pool, path, join(dataDir, "raw"));
  for (const path of changeable(join(dataDir, "raw"))) dropLastLine(join(dataDir, "raw", path));
  rmSync(pool, { recursive: true, force: true });
  return dataDir;
}

function changeable(raw: string): readonly string[] {
  const first = filesBelow(raw).filter(
    (path) => path.endsWith(".csv") && existsSync(join(raw, `${path}.done`)),
  );
  return [
    first.find((path) => path.startsWith("sales/")),
    first.find((path) => path.startsWith("user_sessions/")),
  ].filter((path) => path !== undefined);
}

function dropLastLine(file: string): void {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  writeFileSync(file, `${lines.slice(0, -1).join("\n")}\n`);
}

function move(pool: string, path: string, raw: string): void {
  mkdirSync(dirname(join(raw, path)), { recursive: true });
  renameSync(join(pool, path), join(raw, path));
}

export function copyOf(dataDir: string, to: string): string {
  cpSync(dataDir, to, { recursive: true, preserveTimestamps: true });
  return to;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function program(...args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(packageRoot, "dist", "main.js"), ...args], {
      stdio: "inherit",
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${args[0]} ended with ${code}`)),
    );
  });
}

/** Processes that work on a data folder, by their command line. */
export function processesOf(dataDir: string): readonly { readonly pid: number; readonly command: string }[] {
  const found: { pid: number; command: string }[] = [];
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const command = commandLine(name);
    if (command.includes(dataDir) && Number(name) !== process.pid) found.push({ pid: Number(name), command });
  }
  return found;
}

/** Empty when the process has ended meanwhile. */
function commandLine(pid: string): string {
  const file = `/proc/${pid}/cmdline`;
  try {
    return readFileSync(file, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
