import { expect, test } from "vitest";
import { stageSums } from "../../lib/measure.js";

test("a stage of several processes: wall from the first start to the last end, CPU summed, the largest process", () => {
  const work = { stage: "work", cpu_seconds: 2, peak_rss_mb: 100 };
  const sums = stageSums([
    { ...work, started_ms: 3_000, seconds: 4, peak_rss_mb: 150.25 },
    { ...work, started_ms: 1_000, seconds: 3 },
    { stage: "discover", started_ms: 0, seconds: 0.5, cpu_seconds: 0.4, peak_rss_mb: 60 },
  ]);
  expect(sums).toEqual({
    discover: { seconds: 0.5, cpu_seconds: 0.4, peak_rss_mb: 60 },
    work: { seconds: 6, cpu_seconds: 4, peak_rss_mb: 150.25 },
  });
  expect(Object.keys(sums)).toEqual(["discover", "work"]);
});
