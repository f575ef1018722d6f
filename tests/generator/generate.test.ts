import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import unzipper from "unzipper";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as xlsx from "xlsx";
import { type GenerateOptions, generate, generatedPaths, sampleOptions } from "../../generator/generate.js";
import { sampleState } from "../../generator/sample-state.js";
import type { TruthFault, TruthFile, TruthLine, TruthSource } from "../../generator/truth.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gristmill-generator-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function options(name: string, changes: Partial<GenerateOptions> = {}): GenerateOptions {
  return {
    ...sampleOptions,
    megabytes: 1,
    out: join(folder, name),
    truth: join(folder, `${name}.ndjson`),
    ...changes,
  };
}

function truthOf(name: string): { faults: TruthFault[]; files: TruthFile[]; sources: TruthSource[] } {
  const text = readFileSync(join(folder, `${name}.ndjson`), "utf8");
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TruthLine);
  return {
    faults: lines.filter((line) => line.kind === "fault"),
    files: lines.filter((line) => line.kind === "file"),
    sources: lines.filter((line) => line.kind === "source"),
  };
}

function hashes(root: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const path of readdirSync(root, { recursive: true }) as string[])
    if (statSync(join(root, path)).isFile())
      out[path] = createHash("sha256")
        .update(readFileSync(join(root, path)))
        .digest("hex");
  return out;
}

test("the same seed gives the same bytes in every file, another seed others", async () => {
  await generate(options("a"));
  await generate(options("b"));
  await generate(options("c", { seed: 2 }));
  expect(hashes(join(folder, "b"))).toEqual(hashes(join(folder, "a")));
  expect(readFileSync(join(folder, "b.ndjson"), "utf8")).toBe(readFileSync(join(folder, "a.ndjson"), "utf8"));
  const other = hashes(join(folder, "c"));
  for (const [path, hash] of Object.entries(hashes(join(folder, "a"))))
    expect(other[path], path).not.toBe(hash);
});

test("what is announced is what is written, and a complete sample is told from other files", async () => {
  const wanted = options("a");
  expect(sampleState(wanted)).toEqual({ kind: "absent" });
  await generate(wanted);
  expect(Object.keys(hashes(wanted.out)).sort()).toEqual(generatedPaths(wanted));
  expect(sampleState(wanted)).toEqual({ kind: "complete" });
  expect(sampleState({ ...wanted, days: 2 }).kind).toBe("other");
});

test("the size on demand is met, and no file has more than the wanted share of faults", async () => {
  await generate(options("a", { megabytes: 8 }));
  const { files } = truthOf("a");
  for (const file of files)
    expect(file.records - file.good, file.path).toBeLessThanOrEqual(file.records / 100);
  let bytes = 0;
  const out = join(folder, "a");
  for (const path of generatedPaths(options("a", { megabytes: 8 }))) {
    const content = readFileSync(join(out, path));
    if (path.endsWith(".zip")) continue;
    bytes += path.endsWith(".gz") ? gunzipSync(content).length : content.length;
  }
  const zip = await unzipper.Open.file(join(out, "api_logs.zip"));
  for (const member of zip.files) bytes += gunzipSync(await member.buffer()).length;
  expect(bytes / 8e6).toBeGreaterThan(0.85);
  expect(bytes / 8e6).toBeLessThan(1.15);
});

test("without faults, another CSV reader finds the told records and sums", async () => {
  await generate(options("a", { faultPercent: 0 }));
  const { files, faults } = truthOf("a");
  expect(faults).toEqual([]);
  let read = 0;
  for (const file of files.filter((f) => f.path.endsWith(".csv"))) {
    const content = readFileSync(join(folder, "a", file.path));
    const records: Record<string, string>[] = parse(content, {
      bom: true,
      columns: true,
      delimiter: file.path === "sales_marketplace.csv" ? ";" : ",",
      encoding: content[0] === 0xff ? "utf16le" : "utf8",
      relax_quotes: true,
      skip_empty_lines: true,
    });
    read += 1;
    expect(records.length, file.path).toBe(file.records);
    expect(file.good).toBe(file.records);
    for (const [column, sum] of Object.entries(file.sums)) {
      const values = records.map((r) =>
        r[column] === "true" ? 1 : Number(r[column] === "false" ? 0 : r[column]),
      );
      expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(Number(sum), 3);
    }
  }
  expect(read).toBeGreaterThan(10);
});

test("each told line holds its fault, and every record of the workbook is counted", async () => {
  await generate(options("a", { faultPercent: 20 }));
  const { faults, files } = truthOf("a");
  const kinds = new Set(faults.map((fault) => fault.fault));
  for (const kind of ["stray_quote", "neighbouring_stray_quotes", "nul", "bad_bytes", "too_few_columns"])
    expect([...kinds], "all kinds occur").toContain(kind);
  const cache = new Map<string, string[]>();
  const lineOf = (fault: TruthFault): string => {
    let lines = cache.get(fault.path);
    if (lines === undefined) {
      lines = readFileSync(join(folder, "a", fault.path))
        .toString("latin1")
        .split("\n");
      cache.set(fault.path, lines);
    }
    return lines[(fault.line ?? 0) - 1] ?? "";
  };
  let looked = 0;
  for (const fault of faults) {
    if (!/^(sales\/|users_|products_catalog.csv)/.test(fault.path)) continue;
    looked += 1;
    const line = lineOf(fault);
    if (fault.fault === "nul") expect(line).toContain("\0");
    if (fault.fault === "bad_bytes") expect(line).toContain("\xc3()");
    if (fault.fault.includes("stray")) expect(line).toMatch(/(^|,)"[^",]*(,|$)/);
  }
  expect(looked).toBeGreaterThan(100);
  const book = xlsx.read(readFileSync(join(folder, "a", "products_catalog.xlsx")));
  const rows = xlsx.utils.sheet_to_json(book.Sheets["Catalogue"] as xlsx.WorkSheet, {
    header: 1,
    blankrows: false,
  });
  // a title and a header stand above the records
  expect(rows.length - 2).toBe(files.find((f) => f.path.endsWith(".xlsx"))?.records);
});

test("copies and versions are counted for each source", async () => {
  await generate(options("a", { faultPercent: 0 }));
  const { sources } = truthOf("a");
  const byKey: Record<string, string> = { users: "user_id", sessions: "session_id" };
  for (const [source, key] of Object.entries(byKey)) {
    const ids = new Set<string>();
    const told = sources.find((s) => s.source === source);
    for (const path of generatedPaths(options("a"))) {
      if (!path.endsWith(".csv") || !path.includes(source === "users" ? "users_database" : "sessions_"))
        continue;
      const content = readFileSync(join(folder, "a", path));
      const text = content.toString(content[0] === 0xff ? "utf16le" : "utf8").replace(/^\ufeff/, "");
      for (const row of parse(text, { columns: true, skip_empty_lines: true }) as Record<string, string>[])
        ids.add(row[key] ?? "");
    }
    expect((told?.good ?? 0) - ids.size).toBe((told?.duplicates ?? 0) + (told?.superseded ?? 0));
    expect(told?.superseded).toBeGreaterThan(0);
  }
});
