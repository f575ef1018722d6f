import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

/** A run of this shop takes some ten seconds; one that is not done by now never will be. */
const HUNG_AFTER_MS = 300_000;

/** Start the pipeline on a data folder; `environment` may preload the killer. One that hangs is ended and is a fault. */
export function startRun(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Started {
  const script = join(packageRoot, "orchestration", "pipeline_master.sh");
  const args = [script, "--data-dir", dataDir, "--as-of", "2026-03-01", "--workers", "2", ...flags];
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
    const hung = setTimeout(() => {
      const left = processesOf(dataDir).map(({ command }) => command);
      child.kill("SIGKILL");
      reject(new Error(`a run hangs in ${dataDir}: ${left.join(" | ")}: ${output}`));
    }, HUNG_AFTER_MS);
    child.on("error", reject);
    // not `close`: a process that outlives its master may hold the pipe, and must not hold the test
    child.on("exit", (code, signal) => {
      clearTimeout(hung);
      resolve({ code, signal, output });
    });
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
 * A small shop of all sources in two nights: the first is published; for the second there are new files, and of each
 * source one that changed. Returns the data folder between the two.
 */
export async function shopBetweenNights(folder: string, seed: number): Promise<string> {
  const pool = join(folder, "pool");
  const dataDir = join(folder, "start");
  const raw = join(dataDir, "raw");
  await program("generate", "--out", pool, "--size-mb", "0.1", "--seed", String(seed), "--days", "2");
  const files = filesBelow(pool);
  const first = files.filter((path, at) => at % 2 === 0 || existsOnce(path));
  for (const path of first) move(pool, path, raw);
  const night = await startRun(dataDir).ended;
  if (night.code !== 0) throw new Error(`the first night ended with ${night.code}: ${night.output}`);
  for (const path of files.filter((path) => !first.includes(path))) move(pool, path, raw);
  for (const path of changing) dropLastLine(join(raw, first.find((name) => path.test(name)) ?? ""));
  rmSync(pool, { recursive: true, force: true });
  return dataDir;
}

/** What changes on the second night. */
const changing = [/^sales\//, /^user_sessions\//, /^users_database/, /^products_catalog\.csv/];

/** Catalogues come as one file that changes. */
function existsOnce(path: string): boolean {
  return /^(users_database|products_catalog\.csv)/.test(path);
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
