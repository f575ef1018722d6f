import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { GristmillError, messageOf, systemCode } from "./errors.js";

/** Cores that this process may use: the affinity's, and no more than the cgroup's quota. At least 1. */
export function coresAtHand(cgroup = "/sys/fs/cgroup"): number {
  const quota = firstLine(`${cgroup}/cpu.max`);
  const [limit, period] = (quota ?? "max").split(" ");
  const allowed = limit === "max" ? Number.POSITIVE_INFINITY : Number(limit) / Number(period);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(allowed)));
}

/** Memory in megabytes: the machine's, and no more than the cgroup allows. */
export function memoryAtHandMb(cgroup = "/sys/fs/cgroup"): number {
  const limit = Number(firstLine(`${cgroup}/memory.max`) ?? "max");
  const bytes = Number.isFinite(limit) ? Math.min(limit, totalmem()) : totalmem();
  return Math.floor(bytes / 1_048_576);
}

/** null where there is no such file: no cgroup of the second version, so no limit. */
function firstLine(file: string): string | null {
  try {
    return readFileSync(file, "utf8").split("\n")[0] ?? null;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw new GristmillError("file_system", `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}
