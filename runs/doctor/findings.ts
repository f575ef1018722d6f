import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { GristmillError, messageOf } from "../../lib/errors.js";
import { readJson, readJsonIfThere } from "../../lib/json-file.js";
import { type DataPaths, packageRoot } from "../../lib/paths.js";
import type { RunFile } from "../../lib/run-types.js";

/** One thing that doctor looked at. `remedy` is null where nothing is to be done. */
export interface DoctorFinding {
  readonly check: string;
  readonly state: "ok" | "warn" | "bad";
  readonly detail: string;
  readonly remedy: string | null;
}

/** Less free space than this is named, in bytes. */
const LOW_DISK_BYTES = 2_000_000_000;
/** Oldest Node that is supported. */
const NODE_FLOOR = [20, 19] as const;

export function checkVersions(): DoctorFinding {
  const { version } = readJson<{ version: string }>(join(packageRoot, "package.json"));
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const old = major < NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor < NODE_FLOOR[1]);
  return {
    check: "versions",
    state: old ? "bad" : "ok",
    detail: `gristmill ${version}, node ${process.versions.node}, ${process.platform} ${process.arch}`,
    remedy: old ? `install Node ${NODE_FLOOR.join(".")} or newer` : null,
  };
}

export function checkTools(): DoctorFinding {
  const missing = ["bash", "flock", "timeout", "setsid"].filter(
    (tool) => spawnSync(tool, ["--version"], { stdio: "ignore" }).error !== undefined,
  );
  return {
    check: "tools",
    state: missing.length > 0 ? "bad" : "ok",
    detail: missing.length > 0 ? `missing: ${missing.join(", ")}` : "bash, flock, timeout, setsid",
    remedy: missing.length > 0 ? "install util-linux and coreutils, or use the image" : null,
  };
}

export function checkConfiguration(load: () => { sources: object; feeds: object }): DoctorFinding {
  try {
    const config = load();
    return {
      check: "configuration",
      state: "ok",
      detail: `${Object.keys(config.sources).length} sources, ${Object.keys(config.feeds).length} feeds`,
      remedy: null,
    };
  } catch (error) {
    if (!(error instanceof GristmillError)) throw error;
    return {
      check: "configuration",
      state: "bad",
      detail: error.message,
      remedy: "mend the key that is named",
    };
  }
}

/** The nearest folder that exists, from `folder` upwards: what can be asked about a data folder still to be made. */
function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}

export function checkDisk(paths: DataPaths): DoctorFinding {
  const { bavail, bsize } = statfsSync(nearestExisting(paths.root));
  const free = bavail * bsize;
  const low = free < LOW_DISK_BYTES;
  return {
    check: "disk",
    state: low ? "warn" : "ok",
    detail: `${(free / 1e9).toFixed(1)} GB free`,
    remedy: low ? "free some space: a run needs about twice its input" : null,
  };
}

export function checkPermissions(paths: DataPaths): DoctorFinding {
  const closed = [paths.root, paths.staging, paths.processed, paths.quality, paths.archive].filter(
    (folder) => {
      try {
        accessSync(nearestExisting(folder), constants.R_OK | constants.W_OK | constants.X_OK);
        return false;
      } catch {
        return true; // the answer itself: not accessible
      }
    },
  );
  return {
    check: "permissions",
    state: closed.length > 0 ? "bad" : "ok",
    detail: closed.length > 0 ? `not writable: ${closed.join(", ")}` : `${paths.root} is writable`,
    remedy:
      closed.length > 0
        ? "give the folders to the user who runs the pipeline (chown), or run as their owner"
        : null,
  };
}

export function checkLock(paths: DataPaths): DoctorFinding {
  const held = existsSync(paths.lock) && spawnSync("flock", ["--nonblock", paths.lock, "true"]).status !== 0;
  return {
    check: "lock",
    state: held ? "warn" : "ok",
    detail: held ? "a run holds the lock" : "free",
    remedy: held ? "wait until it has ended; the lock goes with its process" : null,
  };
}

export function checkPlans(paths: DataPaths): DoctorFinding {
  const plans = existsSync(paths.commits)
    ? readdirSync(paths.commits).filter((name) => name.endsWith(".json"))
    : [];
  return {
    check: "unfinished plans",
    state: plans.length > 0 ? "warn" : "ok",
    detail: plans.length > 0 ? plans.join(", ") : "none",
    remedy: plans.length > 0 ? "run the pipeline again: it finishes them first" : null,
  };
}

export function checkLastRun(paths: DataPaths): DoctorFinding {
  const last = lastRun(paths);
  if (last === null) return { check: "last run", state: "ok", detail: "none yet", remedy: null };
  const detail = `${last.run} ended with ${last.exit_code ?? "no exit code: it was killed"}`;
  if (last.exit_code === 0 || last.exit_code === 66)
    return { check: "last run", state: "ok", detail, remedy: null };
  if (last.exit_code === 65) {
    return { check: "last run", state: "warn", detail, remedy: "some file is held: gristmill quarantine ls" };
  }
  return {
    check: "last run",
    state: "bad",
    detail,
    remedy: `gristmill runs show ${last.run}, then run again`,
  };
}

function lastRun(paths: DataPaths): RunFile | null {
  if (!existsSync(paths.runs)) return null;
  const names = readdirSync(paths.runs).filter((name) => name.endsWith(".json"));
  const newest = names.sort().at(-1);
  return newest === undefined ? null : readJsonIfThere<RunFile>(join(paths.runs, newest));
}

/** A check that itself fails is a finding, not the end of the others. */
export function guarded(check: string, look: () => DoctorFinding): DoctorFinding {
  try {
    return look();
  } catch (error) {
    return { check, state: "bad", detail: messageOf(error), remedy: "mend what the message names" };
  }
}
