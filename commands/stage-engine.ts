import type { Engine } from "../engines/engine.js";
import type { Config } from "../lib/config-types.js";
import { coresAtHand, memoryAtHandMb } from "../lib/machine.js";

/**
 * The engine of a stage that works alone (check, transform, publish) or of a command: all cores, within
 * `memory_budget_mb`. Loaded here and not at start, because a run with nothing to do needs none.
 */
export async function openStageEngine(config: Config, tempDir: string): Promise<Engine> {
  const { openDuckDb } = await import("../engines/duckdb.js");
  return openDuckDb({ threads: coresAtHand(), memoryMb: memoryBudgetMb(config), tempDir });
}

/** Megabytes that the settings give to a stage; "auto" is a quarter of what is at hand. */
export function memoryBudgetMb(config: Config): number {
  const budget = config.settings.memory_budget_mb;
  return budget === "auto" ? Math.max(256, Math.floor(memoryAtHandMb() / 4)) : budget;
}
