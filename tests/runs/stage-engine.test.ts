import { expect, test } from "vitest";
import { loadConfig } from "../../lib/config.js";
import { coresAtHand, memoryAtHandMb } from "../../lib/machine.js";
import { memoryBudgetMb, sessionsOf } from "../../runs/stage-engine.js";

const budget = (value: string): number =>
  memoryBudgetMb(loadConfig({ configDir: null, environment: { GRISTMILL_MEMORY_BUDGET_MB: value } }));

test("memory_budget_mb is taken at its word; auto is a quarter of what is at hand", () => {
  expect(budget("600")).toBe(600);
  expect(budget("auto")).toBe(Math.max(256, Math.floor(memoryAtHandMb() / 4)));
});

test("the engine gets what a process leaves of the budget; two statements share what is left of a large one", () => {
  const of = (value: string) =>
    sessionsOf(loadConfig({ configDir: null, environment: { GRISTMILL_MEMORY_BUDGET_MB: value } }));
  expect(of("700")).toEqual({ sessions: 1, memoryMb: 300 });
  expect(of("300")).toEqual({ sessions: 1, memoryMb: 200 });
  const sessions = Math.min(2, coresAtHand());
  expect(of("2400")).toEqual({ sessions, memoryMb: 2_000 / sessions });
});
