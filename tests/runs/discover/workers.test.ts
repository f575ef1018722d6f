import { expect, test } from "vitest";
import { loadConfig } from "../../../lib/config.js";
import { workersFor } from "../../../runs/discover/workers.js";

const { settings } = loadConfig({ configDir: null, environment: {} });

test.each([
  ["cores - 1", 8, 32_000, 7],
  ["at least 1", 1, 32_000, 1],
  ["no more than memory allows: about 630 MB each", 8, 2_000, 3],
  ["at least 1, however little memory", 8, 200, 1],
])("auto is %s", (_what, cores, memory, workers) => {
  expect(workersFor(settings, null, cores, memory).workers).toBe(workers);
});

test("data_workers and then --workers are taken at their word", () => {
  expect(workersFor({ ...settings, data_workers: 5 }, null, 2, 2_000).workers).toBe(5);
  expect(workersFor({ ...settings, data_workers: 5 }, 3, 2, 2_000).workers).toBe(3);
});

test("worker_memory_mb is the engine's memory; auto is a share within bounds", () => {
  expect(workersFor({ ...settings, worker_memory_mb: 99 }, null, 2, 8_000).memoryMb).toBe(99);
  expect(workersFor(settings, null, 2, 64_000).memoryMb).toBe(1_024);
  expect(workersFor(settings, null, 2, 500).memoryMb).toBe(256);
});
