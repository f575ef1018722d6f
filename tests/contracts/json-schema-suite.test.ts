import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileContract } from "../../contracts/contract.js";
import { ajvJudges } from "../../contracts/oracle/ajv-instance.js";
import { prepareSession } from "../../contracts/session.js";
import { strictCheck } from "../../contracts/strict.js";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";
import { literal } from "../../engines/quote.js";
import type { JsonSchema } from "../../lib/config-types.js";
import { GristmillError } from "../../lib/errors.js";
import { testData } from "../test-data.js";
import { source } from "./judge-rows.js";

const KEYWORDS =
  "type enum const required minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern additionalProperties dependentRequired allOf anyOf oneOf not if-then-else ref boolean_schema".split(
    " ",
  );
const FORMATS = "date-time date time email uuid ipv4 ipv6 uri hostname".split(" ");

interface Group {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

const archive = testData("json_schema_test_suite.tar.gz");
const folder = mkdtempSync(join(tmpdir(), "gristmill-"));
let engine: DuckDbEngine;
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1, memoryMb: 300, tempDir: join(folder, "spill") });
  await prepareSession(engine, compileContract(source({ type: "object", properties: { x: true } }), "s"));
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

test.skipIf(archive === null)("JSON-Schema-Test-Suite, draft 2020-12", async () => {
  execFileSync("tar", ["xzf", archive ?? "", "-C", folder]);
  const base = join(folder, "json-schema-test-suite/tests/draft2020-12");
  const files = [
    ...KEYWORDS.map((name) => join(base, `${name}.json`)),
    ...FORMATS.map((name) => join(base, "optional/format", `${name}.json`)),
  ];
  const sums = { sql: 0, ajv: 0, formats: 0 };
  const wrong: string[] = [];
  const wrongOracle: string[] = [];
  const refused: string[] = [];
  for (const file of files) {
    expect(existsSync(file), file).toBe(true);
    for (const group of JSON.parse(readFileSync(file, "utf8")) as readonly Group[]) {
      const where = `${file.slice(base.length + 1)}: ${group.description}`;
      try {
        strictCheck(group.schema, "j");
      } catch (error) {
        if (!(error instanceof GristmillError) || error.code !== "bad_configuration") throw error;
        refused.push(`${where}: ${error.message}`);
        continue;
      }
      const ajv = ajvJudges(typeof group.schema === "boolean" ? {} : group.schema)(group.schema);
      for (const test of group.tests) {
        const nested = typeof test.data === "object" && test.data !== null;
        if (ajv(test.data) !== test.valid)
          wrongOracle.push(`${where}: ${test.description}: ${JSON.stringify(test.data)}`);
        const verdict = nested ? ajv(test.data) : await judgedInSql(group.schema, test.data);
        if (nested) sums.ajv += 1;
        else if (file.includes("optional")) sums.formats += 1;
        else sums.sql += 1;
        if (verdict !== test.valid) wrong.push(`${where}: ${test.description}: ${JSON.stringify(test.data)}`);
      }
    }
  }
  console.log(
    `judged in SQL ${sums.sql}, formats ${sums.formats}; judged by ajv ${sums.ajv}; wrong ${wrong.length}; refused ${refused.length}:\n${refused.join("\n")}`,
  );
  expect(wrong).toEqual([]);
  expect(wrongOracle).toEqual([]);
});

async function judgedInSql(schema: JsonSchema, data: unknown): Promise<unknown> {
  const [row] = await engine.all(
    `select ${strictCheck(schema, "j")} as ok from (select ${literal(JSON.stringify(data))}::json as j)`,
  );
  return row?.["ok"];
}
