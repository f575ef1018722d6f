import type { Settings } from "../../lib/config-types.js";
import type { Machine } from "../../processing/discovery/jobs.js";

/** What a worker process takes beside its engine: Node, the native library, Parquet buffers. */
const BESIDE_ENGINE_MB = 250;
const ENGINE_MIN_MB = 256;
const ENGINE_MAX_MB = 1_024;

/** How many workers, and the engine's memory of each: by flag, setting, cores, and what memory allows. */
export function workersFor(
  settings: Settings,
  flag: number | null,
  cores: number,
  memoryMb: number,
): Machine {
  const wanted = flag ?? settings.data_workers;
  const byMemory = Math.max(1, Math.floor((memoryMb * 0.8) / (ENGINE_MIN_MB + BESIDE_ENGINE_MB)));
  const workers = wanted === "auto" ? Math.min(Math.max(1, cores - 1), byMemory) : wanted;
  const share = Math.floor((memoryMb * 0.5) / workers) - BESIDE_ENGINE_MB;
  const auto = Math.min(ENGINE_MAX_MB, Math.max(ENGINE_MIN_MB, share));
  return {
    cores,
    workers,
    memoryMb: settings.worker_memory_mb === "auto" ? auto : settings.worker_memory_mb,
  };
}
