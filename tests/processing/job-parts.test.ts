import { expect, test } from "vitest";
import { seededRandom } from "../../processing/judging/sampler.js";
import { threeColumns, work } from "./work-harness.js";

/** About 3 MB of rows: good, failing, malformed, over several lines, blank. */
function dirtyRows(): string {
  const random = seededRandom("parts");
  const rows = ["id,name,amount"];
  for (let n = 0; n < 40_000; n++) {
    const draw = Math.floor(random() * 100);
    if (draw === 0) rows.push(`${n},x`);
    else if (draw === 1) rows.push(`${n},x,y`);
    else if (draw === 2) rows.push(`${n},"over\n${n} lines, too",3`);
    else if (draw === 3) rows.push("");
    else if (draw === 4) rows.push(`${n},"open,4`);
    else if (draw === 5) rows.push(`,none,4`);
    else rows.push(`${n},a name ${n},${n}`);
  }
  return rows.join("\n");
}

test("a file read in slices gives what it gives as a whole", async () => {
  const files = { "a.csv": dirtyRows(), "b.csv": "id,name,amount\n1,x,y\n2,x,2\n" };
  const rules = { columns: { amount: { max_value: { value: 100, severity: "warn" as const } } } };
  const whole = await work({ files, schema: threeColumns, rules });
  const sliced = await work({ files, schema: threeColumns, rules, parts: 3 });
  expect(whole.parts).toBe(1);
  expect(sliced.parts).toBe(3);
  const counts = ({ result }: typeof whole) =>
    result.files.map(({ oracle: _oracle, ...file }) => ({ ...file, rules: file.rules.length }));
  expect(counts(sliced)).toEqual(counts(whole));
  expect(sliced.result.files[0]).toMatchObject({ outcome: "judged", message: null });
  expect(sliced.result.files[0]?.records).toBeGreaterThan(38_000);
  expect(sliced.quarantined).toEqual(whole.quarantined);
  expect(sliced.accepted).toEqual(whole.accepted);
});

test("JSON lines and logs are sliced too, packed files and arrays are not", async () => {
  const lines = Array.from({ length: 30_000 }, (_, n) =>
    n % 50 === 7 ? `{"id":"${n}"` : `{"id":"${n}","amount":${n}}`,
  );
  const whole = await work({ files: { "a.json": lines.join("\n") }, schema: threeColumns });
  const sliced = await work({ files: { "a.json": lines.join("\n") }, schema: threeColumns, parts: 2 });
  expect(sliced.parts).toBe(2);
  expect(sliced.verdicts).toEqual(whole.verdicts);
  expect(sliced.result.files[0]?.lines).toBe(30_000);
  const array = await work({
    files: { "a.json": `[${'{"id":"1"},'.repeat(30_000)}{}]` },
    schema: threeColumns,
    parts: 2,
  });
  expect(array).toMatchObject({ parts: 1, verdicts: ["30001:- missing_required id required"] });
});
