import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { command as quarantine } from "../../../commands/quarantine.js";
import { command as release } from "../../../commands/release.js";
import { command as replay } from "../../../commands/replay.js";
import { dataPaths } from "../../../lib/paths.js";
import { latestRunFile } from "../../../lib/run-file.js";
import { filesBelow, type House, openHouse, sales } from "./night.js";

let house: House;
beforeEach(() => {
  house = openHouse();
});
afterEach(() => house.end());

const quantities = "order_id || ' ' || quantity";
const state = "record || ' ' || reasons[1].code || ' ' || (replayed_by is not null)";

/** 20 records, of which the 3rd is no number and the 7th is zero: 90 % pass, as the threshold asks. */
const twoBad = [1, 1, "x", 1, 1, 1, 0, ...Array<number>(13).fill(1)];

/** Without the rule that a quantity is not zero. */
function loosen(): void {
  const { rules } = house.config;
  const own = rules["sales"];
  if (own === undefined) throw new Error("the default configuration has rules of sales");
  const { quantity: _, ...columns } = own.columns;
  house.config = { ...house.config, rules: { ...rules, sales: { ...own, columns } } };
}

test("after a rule is loosened, exactly the records that only it held are published, and only once", async () => {
  house.write("sales_a.csv", sales(twoBad));
  expect(await house.night("20260102T000000Z-0001")).toBe(0);
  expect(await house.query("processed/sales", "count(*)")).toEqual(["18"]);
  loosen();
  expect(await house.command(replay, {})).toBe(0);
  expect(house.printed).toEqual([
    "2 records judged again, 1 of them pass",
    "  sales_a.csv: published, 19 accepted, 0 held, 1 quarantined",
  ]);
  const published = await house.query("processed/sales", quantities);
  expect(published).toHaveLength(19);
  expect(published).toContain("o7 0");
  expect(await house.query("processed/enriched/sales", "count(*)")).toEqual(["19"]);
  expect(await house.query("quality/quarantine", state)).toEqual([
    "3 wrong_type false",
    "7 not_allowed true",
  ]);
  expect(await house.ledger("sales_a.csv")).toMatchObject({
    records: 20,
    accepted: 19,
    quarantined: 1,
    held: 0,
    score: 95,
    status: "published",
  });
  const run = latestRunFile(dataPaths(house.root));
  expect(run?.files).toMatchObject([{ path: "sales_a.csv", records: 20, accepted: 19, quarantined: 1 }]);
  house.printed.length = 0;
  expect(await house.command(replay, {})).toBe(0);
  expect(house.printed).toEqual(["1 records judged again, 0 of them pass"]);
  expect(await house.query("processed/sales", "count(*)")).toEqual(["19"]);
  expect(latestRunFile(dataPaths(house.root))?.run).toBe(run?.run);
  expect(await house.night("20990102T000000Z-0002")).toBe(0);
  expect(await house.query("processed/sales", "count(*)")).toEqual(["19"]);
});

test("records mended in an export are published; the export put through the pipeline gives the same verdicts", async () => {
  const bad = '4,p1,"2,2.50,2026-01-01 10:00:00';
  const lines = sales(twoBad).split("\n");
  lines[10] = bad;
  house.write("sales/b.csv", lines.join("\n"));
  house.config = { ...house.config, thresholds: { ...house.config.thresholds, sales: 80 } };
  await house.night("20260102T000000Z-0001");
  const out = join(house.root, "export");
  expect(await house.command(quarantine, { out }, ["export"])).toBe(0);
  expect(filesBelow(out)).toEqual(["sales/b.csv"]);
  const exported = readFileSync(join(out, "sales/b.csv"), "utf8");
  expect(exported.split("\n")).toEqual([
    lines[0],
    "o3,p1,x,2.50,2026-01-01 10:00:00",
    "o7,p1,0,2.50,2026-01-01 10:00:00",
    bad,
    "",
  ]);

  const again = openHouse();
  again.write("sales/b.csv", exported);
  await again.night("20260103T000000Z-0001");
  const verdicts = "raw || ' ' || array_to_string(list_transform(reasons, lambda r: r.code || r.rule), ' ')";
  expect(await again.query("quality/quarantine", verdicts)).toEqual(
    await house.query("quality/quarantine", verdicts),
  );
  again.end();

  writeFileSync(join(out, "sales/b.csv"), exported.replace(",x,", ",5,"));
  house.printed.length = 0;
  expect(await house.command(replay, { from: out })).toBe(0);
  expect(house.printed[0]).toBe("3 records judged again, 1 of them pass");
  expect(await house.query("processed/sales", quantities)).toContain("o3 5");
  expect(await house.query("quality/quarantine", state)).toEqual([
    "10 malformed_row false",
    "3 wrong_type true",
    "7 not_allowed false",
  ]);
  expect(await house.query("quality/quarantine", "raw")).toContain("o3,p1,x,2.50,2026-01-01 10:00:00");
  house.printed.length = 0;
  await house.command(replay, { from: join(out, "sales/b.csv") });
  expect(house.printed.at(-1)).toBe("0 records judged again, 0 of them pass");
  expect(await house.query("processed/sales", "count(*)")).toEqual(["18"]);
});

test("a replayed record of a held file is held; once the gate is met the whole file is published", async () => {
  house.write("sales_h.csv", sales(["x", "y", "z", 1, 1, 1, 1, 1, 1, 1]));
  expect(await house.night("20260102T000000Z-0001")).toBe(65);
  expect(await house.ledger("sales_h.csv")).toMatchObject({ status: "held", held: 7, quarantined: 3 });
  const out = join(house.root, "export");
  await house.command(quarantine, { out }, ["export"]);
  const file = join(out, "sales_h.csv");
  const exported = readFileSync(file, "utf8");
  writeFileSync(file, exported.replace(",x,", ",5,"));
  expect(await house.command(replay, { from: file })).toBe(65);
  expect(await house.ledger("sales_h.csv")).toMatchObject({
    status: "held",
    held: 8,
    quarantined: 2,
    accepted: 0,
  });
  expect(await house.query("quality/quarantine", state)).toEqual([
    "1 wrong_type true",
    "2 wrong_type false",
    "3 wrong_type false",
  ]);
});

test("all records of a held file mended at once publish it", async () => {
  house.write("sales_h.csv", sales(["x", "y", 1, 1, 1, 1, 1, 1, 1, 1]));
  expect(await house.night("20260102T000000Z-0001")).toBe(65);
  const out = join(house.root, "export");
  await house.command(quarantine, { out }, ["export"]);
  const file = join(out, "sales_h.csv");
  writeFileSync(file, readFileSync(file, "utf8").replace(",x,", ",5,").replace(",y,", ",6,"));
  expect(await house.command(replay, { from: file })).toBe(0);
  expect(await house.ledger("sales_h.csv")).toMatchObject({
    status: "published",
    accepted: 10,
    quarantined: 0,
    held: 0,
  });
  expect(await house.query("processed/sales", "count(*)")).toEqual(["10"]);
  expect(await house.night("20990102T000000Z-0002")).toBe(0);
  expect(await house.query("processed/sales", "count(*)")).toEqual(["10"]);
});

test("a held file whose rule is loosened is judged whole, and published once its gate is met", async () => {
  // 7 of 10, then 9 of 10, as the threshold asks; 2 of 4, then 3 of 4
  house.write("sales_h.csv", sales(["x", 0, 0, 1, 1, 1, 1, 1, 1, 1]));
  house.write("sales_i.csv", sales(["x", 0, 2, 2]));
  expect(await house.night("20260102T000000Z-0001")).toBe(65);
  loosen();
  expect(await house.command(replay, {})).toBe(65);
  expect(house.printed).toEqual([
    "5 records judged again, 3 of them pass",
    "  sales_h.csv: published, 9 accepted, 0 held, 1 quarantined",
    expect.stringContaining("  sales_i.csv: held, 0 accepted, 3 held, 1 quarantined (gate 75.00 %"),
  ]);
  const published = await house.query("processed/sales", "_file || ' ' || quantity");
  expect(published).toEqual([...Array(2).fill("sales_h.csv 0"), ...Array(7).fill("sales_h.csv 1")]);
  expect(await house.query("quality/quarantine", `path || ' ' || ${state}`)).toEqual([
    "sales_h.csv 1 wrong_type false",
    "sales_h.csv 2 not_allowed true",
    "sales_h.csv 3 not_allowed true",
    "sales_i.csv 1 wrong_type false",
    "sales_i.csv 2 not_allowed true",
  ]);
  house.printed.length = 0;
  expect(await house.command(replay, {})).toBe(0);
  expect(house.printed).toEqual(["2 records judged again, 0 of them pass"]);
});

test("a file of which every record is bad is published when all of them are mended", async () => {
  house.write("sales_h.csv", sales(["x", "y"]));
  expect(await house.night("20260102T000000Z-0001")).toBe(65);
  const out = join(house.root, "export");
  await house.command(quarantine, { out }, ["export"]);
  const file = join(out, "sales_h.csv");
  writeFileSync(file, readFileSync(file, "utf8").replace(",x,", ",5,").replace(",y,", ",6,"));
  expect(await house.command(replay, { from: out })).toBe(0);
  expect(await house.query("processed/sales", quantities)).toEqual(["o1 5", "o2 6"]);
});

test("a row expression that may not run is refused before a record is judged", async () => {
  const own = house.config.rules["sales"];
  if (own === undefined) throw new Error("the default configuration has rules of sales");
  const rule = { name: "r", expression: "getenv('HOME') = ''", severity: "error" } as const;
  house.config = { ...house.config, rules: { ...house.config.rules, sales: { ...own, rows: [rule] } } };
  await expect(house.command(replay, {})).rejects.toMatchObject({ code: "bad_configuration", exitCode: 78 });
  expect(filesBelow(house.root).filter((name) => name.startsWith("staging/"))).toEqual([]);
});

test("a mended file with other records than the export's is refused, and nothing changes", async () => {
  house.write("sales_a.csv", sales(twoBad));
  await house.night("20260102T000000Z-0001");
  const out = join(house.root, "export");
  await house.command(quarantine, { out }, ["export"]);
  const file = join(out, "sales_a.csv");
  writeFileSync(file, readFileSync(file, "utf8").split("\n").slice(0, 2).join("\n"));
  await expect(house.command(replay, { from: out })).rejects.toMatchObject({
    code: "bad_replay",
    exitCode: 78,
  });
  expect(filesBelow(house.root).filter((name) => name.startsWith("staging/"))).toEqual([]);
  expect(await house.query("processed/sales", "count(*)")).toEqual(["18"]);
});

test("a released file is published at the next night; what is not held, or unknown, or unreadable is refused", async () => {
  house.write("sales_h.csv", sales(["x", 1]));
  house.write("sales_b.csv", "nothing,of,this\n1,2,3\n");
  expect(await house.night("20260102T000000Z-0001")).toBe(65);
  await expect(house.command(release, {}, ["sales_b.csv"])).rejects.toMatchObject({
    code: "not_readable",
    exitCode: 78,
  });
  await expect(house.command(release, {}, ["sales_x.csv"])).rejects.toMatchObject({
    code: "unknown_path",
    exitCode: 78,
  });
  expect(await house.command(release, {}, ["sales_h.csv"])).toBe(0);
  expect(await house.ledger("sales_h.csv")).toMatchObject({ status: "released", held: 1, quarantined: 1 });
  expect(await house.command(release, {}, ["sales_h.csv"])).toBe(0);
  expect(house.printed.at(-1)).toContain("released already");
  expect(await house.night("20990102T000000Z-0002")).toBe(65);
  expect(await house.ledger("sales_h.csv")).toMatchObject({
    status: "published",
    accepted: 1,
    quarantined: 1,
  });
  expect(await house.query("processed/sales", "count(*)")).toEqual(["1"]);
  await expect(house.command(release, {}, ["sales_h.csv"])).rejects.toMatchObject({
    code: "not_held",
    exitCode: 78,
  });
});
