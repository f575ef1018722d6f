import { expect, test } from "vitest";
import { loadConfig } from "../../../lib/config.js";
import type { JobSpec, RunPlan } from "../../../lib/plan-types.js";
import { stageLines } from "../../../runs/discover/stage-lines.js";

test("processing_timeout, the workers and the jobs reach the master as tab-separated lines", () => {
  const config = loadConfig({ configDir: null, environment: { GRISTMILL_PROCESSING_TIMEOUT: "12" } });
  const feed = config.feeds["sales"];
  if (feed === undefined) throw new Error("no feed");
  const job: JobSpec = {
    job: "j0001",
    run: "r",
    source: "sales",
    feed,
    files: [],
    process: 7,
    threads: 2,
    memory_mb: 256,
    weight: 99,
  };
  const plan: RunPlan = {
    run: "r",
    started_at: "",
    as_of: "",
    engine: "duckdb",
    workers: 3,
    rebuild: false,
    files: [],
    jobs: [],
    unclaimed: ["a\tb\nc"],
  };
  const lines = stageLines(plan, [job], { config, news: true });
  expect(lines).toContain("timeout\t12");
  expect(lines).toContain("workers\t3");
  expect(lines).toContain("news\t1");
  expect(lines).toContain("job\tj0001\tsales\t0\t99\t7");
  expect(lines.join("")).not.toContain("\n");
});
