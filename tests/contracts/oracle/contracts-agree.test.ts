import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileContract, decodeMask } from "../../../contracts/contract.js";
import { parseJson } from "../../../contracts/oracle/json-record.js";
import { compareVerdicts, createOracle } from "../../../contracts/oracle/oracle.js";
import { type DuckDbEngine, openDuckDb } from "../../../engines/duckdb.js";
import { dialect, judgeRows, source } from "../judge-rows.js";
import { arbitraryContract, arbitraryRecord, asJson } from "./arbitrary-contracts.js";

const seed = Number(process.env["GRISTMILL_SEED"] ?? Date.now() % 1_000_000);
const CONTRACTS = Number(process.env["GRISTMILL_CONTRACTS"] ?? 25);
const ROWS = 400;
const folder = mkdtempSync(join(tmpdir(), "gristmill-"));
let engine: DuckDbEngine;

beforeAll(async () => {
  engine = await openDuckDb({ threads: 1, memoryMb: 500, tempDir: folder });
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

test("SQL and the oracle give the same verdict on every row of any contract", {
  timeout: 120_000,
}, async () => {
  const contracts = fc.sample(arbitraryContract, { numRuns: CONTRACTS, seed });
  const records = fc.sample(arbitraryRecord, { numRuns: ROWS, seed });
  let judgedRows = 0;
  let accepted = 0;
  const wrong: string[] = [];
  for (const given of contracts) {
    const config = source(given.schema, { columns: given.columns, rows: given.rows }, given.defs);
    const contract = compileContract(config, "s");
    const oracle = createOracle(contract, config, dialect);
    expect(oracle.uncovered).toEqual([]);
    for (const format of ["text", "json"] as const) {
      const texts = records.map((record, index) => asJson(record, format === "json" && index % 4 > 0));
      for (const [index, row] of (await judgeRows(engine, contract, texts, format)).entries()) {
        const record = parseJson(texts[index] ?? "") as Record<string, unknown>;
        const differences = compareVerdicts(row.reasons, oracle.judge(record, format));
        expect(decodeMask(contract, row.masks).map((rule) => rule.rule)).toEqual(
          row.reasons.map((reason) => reason.rule),
        );
        expect(row.accepted).toBe(row.reasons.length === 0);
        judgedRows += 1;
        if (row.accepted) accepted += 1;
        if (differences.size > 0)
          wrong.push(
            `${format} ${texts[index]}\n  ${[...differences].join("; ")}\n  ${JSON.stringify(given)}`,
          );
      }
    }
  }
  console.log(`GRISTMILL_SEED=${seed}: ${judgedRows} rows, ${accepted} accepted`);
  expect(wrong.slice(0, 5)).toEqual([]);
});
