import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GristmillError } from "../../lib/errors.js";
import { dataPaths } from "../../lib/paths.js";
import { checkConfiguration, checkLastRun, checkPlans, guarded } from "../../runs/doctor/findings.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gristmill-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function runFile(run: string, exitCode: number | null): void {
  mkdirSync(join(folder, "quality/runs"), { recursive: true });
  writeFileSync(join(folder, `quality/runs/${run}.json`), JSON.stringify({ run, exit_code: exitCode }));
}

test.each([
  [0, "ok"],
  [65, "warn"],
  [66, "ok"],
  [1, "bad"],
  [null, "bad"],
] as const)("a last run that ended with %s is %s", (exitCode, state) => {
  runFile("20260101T000000Z-aaaa", 0);
  runFile("20260102T000000Z-aaaa", exitCode);
  expect(checkLastRun(dataPaths(folder)).state).toBe(state);
});

test("no run yet is well", () => {
  expect(checkLastRun(dataPaths(folder)).state).toBe("ok");
});

test("an unfinished plan is named with what to do", () => {
  mkdirSync(join(folder, "processed/_commits"), { recursive: true });
  writeFileSync(join(folder, "processed/_commits/20260102T000000Z-aaaa.json"), "{}");
  const finding = checkPlans(dataPaths(folder));
  expect(finding.state).toBe("warn");
  expect(finding.detail).toContain("20260102T000000Z-aaaa");
  expect(finding.remedy).toContain("run the pipeline again");
});

test("a bad configuration is told by its own message", () => {
  const finding = checkConfiguration(() => {
    throw new GristmillError("bad_configuration", "pipeline_config.yaml: settings.data_wrokers: unknown key");
  });
  expect(finding).toMatchObject({ state: "bad", detail: expect.stringContaining("data_wrokers") });
});

test("a check that fails itself is a finding", () => {
  const finding = guarded("disk", () => {
    throw new Error("no such device");
  });
  expect(finding).toEqual({
    check: "disk",
    state: "bad",
    detail: "no such device",
    remedy: expect.any(String),
  });
});
