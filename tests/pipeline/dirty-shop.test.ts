import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { generate, sampleOptions } from "../../generator/generate.js";
import {
  expectedFiles,
  expectedQuarantine,
  expectedSums,
  foundFiles,
  foundQuarantine,
  foundSums,
  readTruth,
} from "./ground-truth.js";
import { lastRun, master, unbalanced } from "./master.js";
import { openTables } from "./open-tables.js";

let dataDir = "";
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A fifth of all records is spoilt, so that every kind of fault meets every source; thresholds give way. */
test("at 20 % faults of every kind, not one good record is lost and not one bad one is let in", async () => {
  dataDir = mkdtempSync(join(tmpdir(), "gristmill-dirty-"));
  const truthFile = join(dataDir, "truth.ndjson");
  const seed = 20;
  await generate({
    ...sampleOptions,
    out: join(dataDir, "raw"),
    truth: truthFile,
    seed,
    megabytes: 4,
    days: 3,
    faultPercent: 20,
  });
  const ended = await master(
    dataDir,
    "--config-dir",
    join(import.meta.dirname, "lenient"),
    "--quiet",
    "--no-archive",
  );
  expect(ended.code, ended.stderr).toBe(0);
  const truth = readTruth(truthFile);
  const run = lastRun(dataDir);
  expect(unbalanced(run)).toEqual([]);
  expect(run.disagreements).toBe(0);
  const tables = await openTables(dataDir);
  expect(await foundQuarantine(tables), `seed ${seed}`).toEqual(expectedQuarantine(truth));
  expect(foundFiles(run, truth)).toEqual(expectedFiles(truth));
  expect(await foundSums(tables, truth)).toEqual(expectedSums(truth));
  tables.close();
}, 120_000);
