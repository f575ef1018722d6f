import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { generate, sampleOptions } from "../../../generator/generate.js";
import { packageRoot } from "../../../lib/paths.js";
import { ended, lastRun, master } from "../../pipeline/master.js";
import { openTables } from "../../pipeline/open-tables.js";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "gristmill-export-"));
  folders.push(made);
  return made;
}

const configDir = join(packageRoot, "tests", "pipeline", "lenient");
const flags = ["--config-dir", configDir, "--source", "sales", "--quiet", "--no-archive"];

/** `path raw: code column rule …` of every quarantined sale; equal lines are told apart by their number. */
async function verdicts(dataDir: string): Promise<readonly string[]> {
  const tables = await openTables(dataDir);
  const rows = await tables.engine.all(
    `select path || ' ' || coalesce('text ' || raw, 'bytes ' || hex(raw_bytes)) || ': '
       || list_aggregate(list_sort(list_transform(reasons, lambda r: r.code || ' ' || coalesce(r.column, '') || ' ' || r.rule)), 'string_agg', ', ')
       as line
     from ${tables.relation("quality/quarantine")} order by line`,
  );
  tables.close();
  return rows.map((row) => String(row["line"]));
}

test("the quarantined records of dirty sales files, put through the pipeline again, get the same verdicts", async () => {
  const dataDir = folder();
  const seed = 77;
  await generate({
    ...sampleOptions,
    out: join(dataDir, "raw"),
    truth: join(dataDir, "truth.ndjson"),
    seed,
    megabytes: 3,
    days: 2,
    faultPercent: 20,
  });
  const first = await master(dataDir, ...flags);
  expect(first.code, first.stderr).toBe(0);
  const judged = await verdicts(dataDir);
  expect(judged.length).toBeGreaterThan(500);
  const codes = new Set(judged.map((line) => line.split(": ").at(-1)?.split(" ")[0]));
  expect([...codes].sort(), `seed ${seed}`).toEqual([
    "invalid_encoding",
    "malformed_row",
    "missing_required",
    "not_allowed",
    "out_of_range",
    "wrong_type",
  ]);

  const out = join(folder(), "export");
  const program = join(packageRoot, "dist", "main.js");
  const exported = await ended("node", [
    program,
    "quarantine",
    "export",
    "--out",
    out,
    "--data-dir",
    dataDir,
  ]);
  expect(exported.code, exported.stderr).toBe(0);
  const again = folder();
  cpSync(out, join(again, "raw"), { recursive: true });
  const second = await master(again, ...flags);
  expect(second.code, second.stderr).toBe(0);
  expect(await verdicts(again), `seed ${seed}`).toEqual(judged);
  expect(lastRun(again).files.reduce((sum, file) => sum + file.accepted, 0)).toBe(0);
});
