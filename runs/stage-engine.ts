import type { Engine } from "../engines/engine.js";
import type { Config } from "../lib/config-types.js";
import { coresAtHand, memoryAtHandMb } from "../lib/machine.js";

/**
 * The engine of a stage that works alone (check, transform, publish) or of a command: all cores, within
 * `memory_budget_mb`. Loaded here and not at start, because a run with nothing to do needs none.
 */
export async function openStageEngine(config: Config, tempDir: string): Promise<Engine> {
  const { openDuckDb } = await import("../engines/duckdb.js");
  return openDuckDb({ threads: coresAtHand(), memoryMb: engineMemoryMb(config), tempDir });
}

/** What a process takes beside the engine's own limit (of 10 GB of input): Node, buffers of Parquet, what the allocator keeps. */
const BESIDE_ENGINE_MB = 400;
const LEAST_ENGINE_MB = 200;
/** Below it two statements side by side would only get in each other's way. */
const TWO_SESSIONS_MB = 500;

/** The part of a stage's megabytes that its engine may fill. */
export function engineMemoryMb(config: Config): number {
  return Math.max(LEAST_ENGINE_MB, memoryBudgetMb(config) - BESIDE_ENGINE_MB);
}

/** How many statements run side by side, and the megabytes of each. */
export function sessionsOf(config: Config): { readonly sessions: number; readonly memoryMb: number } {
  const memoryMb = engineMemoryMb(config);
  const sessions = memoryMb < TWO_SESSIONS_MB ? 1 : Math.min(2, coresAtHand());
  return { sessions, memoryMb: Math.floor(memoryMb / sessions) };
}

/** Megabytes that the settings give to a stage; "auto" is a quarter of what is at hand. */
export function memoryBudgetMb(config: Config): number {
  const budget = config.settings.memory_budget_mb;
  return budget === "auto" ? Math.max(256, Math.floor(memoryAtHandMb() / 4)) : budget;
}
