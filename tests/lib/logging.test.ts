import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLog } from "../../lib/logging.js";

test("a run's log is JSON lines with run, stage and what is given; no line, no file", () => {
  const folder = mkdtempSync(join(tmpdir(), "gristmill-log-"));
  const file = join(folder, "deeper", "pipeline_r1.log");
  const log = openLog(join(folder, "deeper"), "r1", "check");
  expect(existsSync(file)).toBe(false);
  log.info("judged", { source: "sales", file: "a.csv", job: "j0001" });
  openLog(join(folder, "deeper"), "r1", "publish").warn("slow");
  const lines = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { level: "info", run: "r1", stage: "check", source: "sales", file: "a.csv", job: "j0001", msg: "judged" },
    { level: "warn", run: "r1", stage: "publish", msg: "slow" },
  ]);
  // who wrote it from which machine is nobody's business
  expect(Object.keys(lines[1])).toEqual(["level", "time", "run", "stage", "msg"]);
  rmSync(folder, { recursive: true });
});
