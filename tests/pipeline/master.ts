import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../lib/paths.js";
import type { RunFile } from "../../lib/run-types.js";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run the pipeline as people do, in a data folder of its own. */
export function master(dataDir: string, ...flags: readonly string[]): Promise<Ended> {
  const script = join(packageRoot, "orchestration", "pipeline_master.sh");
  return ended("bash", [script, "--data-dir", dataDir, ...flags]);
}

export function ended(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: packageRoot, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", failed);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}

/** The run files of a data folder, oldest first. */
export function runFiles(dataDir: string): readonly RunFile[] {
  const folder = join(dataDir, "quality", "runs");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as RunFile);
}

export function lastRun(dataDir: string): RunFile {
  const run = runFiles(dataDir).at(-1);
  if (run === undefined) throw new Error(`no run file in ${dataDir}`);
  return run;
}

/** Files whose records do not add up. */
export function unbalanced(run: RunFile): readonly string[] {
  return run.files
    .filter((file) => file.status !== "skipped" && file.status !== "unclaimed")
    .filter((file) => file.records !== file.accepted + file.quarantined + file.held)
    .map((file) => file.path);
}
