import { expect, test } from "vitest";
import { memoryBudgetMb } from "../../commands/stage-engine.js";
import { loadConfig } from "../../lib/config.js";
import { memoryAtHandMb } from "../../lib/machine.js";

const budget = (value: string): number =>
  memoryBudgetMb(loadConfig({ configDir: null, environment: { GRISTMILL_MEMORY_BUDGET_MB: value } }));

test("memory_budget_mb is taken at its word; auto is a quarter of what is at hand", () => {
  expect(budget("600")).toBe(600);
  expect(budget("auto")).toBe(Math.max(256, Math.floor(memoryAtHandMb() / 4)));
});
