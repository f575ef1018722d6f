import { afterEach, beforeEach, expect, test } from "vitest";
import { literal } from "../../../engines/quote.js";
import type { Settings } from "../../../lib/config-types.js";
import { writeJson } from "../../../lib/json-file.js";
import type { FeedProfile } from "../../../lib/run-types.js";
import { exitCodeOf } from "../../../quality/checks/check-run.js";
import type { PublishedTables } from "../../../quality/checks/staged-rows.js";
import { plannedFile } from "../../planned-file.js";
import { check, configWith, openShop, planOf, RUN, result, type Shop, stageJob } from "./fixture.js";

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.end());

const users = (select: string, latest: string | null = null): PublishedTables => ({
  relation: (source) => (source === "users" ? `(${select})` : null),
  latest: (source) => (source === "sales" ? latest : null),
});

test("references are checked against the table after the run; a row without a value refers to nothing", async () => {
  const config = configWith({ columns: { user_id: { references: "users.user_id" } } });
  await stageJob(
    shop,
    "j1",
    [result("s.csv", { records: 4, accepted: 4 })],
    [
      ["s.csv", 1, "o1", "old"],
      ["s.csv", 2, "o2", "arriving"],
      ["s.csv", 3, "o3", "replaced"],
      ["s.csv", 4, "o4", null],
    ],
  );
  const user = result("u.csv", { records: 1, accepted: 1 });
  await stageJob(shop, "j2", [user], [["u.csv", 1, "x", "arriving"]], [], "users");
  const tables = users(
    "select * from (values ('old', 'other.csv'), ('replaced', 'u.csv')) as t(user_id, _file)",
  );
  const plan = planOf([
    plannedFile("s.csv"),
    plannedFile("u.csv", { job: "j2", source: "users", feed: "users", why: "changed" }),
  ]);
  const verdict = await check(shop, plan, { config, tables });
  expect(verdict.findings.filter((finding) => finding.kind === "reference")).toEqual([
    {
      kind: "reference",
      source: "sales",
      path: "s.csv",
      column: "user_id",
      rule: "references users.user_id",
      severity: "warn",
      count: 1,
      message: "sales: 1 records name a user_id that no users.user_id has (replaced)",
    },
  ]);
  expect(verdict.files.every((file) => file.status === "published")).toBe(true);
});

test("without a table to refer to, the check says so and accuses nobody", async () => {
  const config = configWith({ columns: { user_id: { references: "users.user_id" } } });
  await stageJob(shop, "j1", [result("s.csv", { records: 1, accepted: 1 })], [["s.csv", 1, "o1", "u1"]]);
  const verdict = await check(shop, planOf([plannedFile("s.csv")]), { config });
  expect(verdict.findings).toMatchObject([{ kind: "reference", severity: "info", count: 0 }]);
});

test("unknown references of severity error are quarantined with their raw text and may hold their file", async () => {
  const reference = { value: "users.user_id", severity: "error" } as const;
  const config = configWith({ columns: { user_id: { references: reference } } });
  const rows = Array.from(
    { length: 10 },
    (_, i) => ["s.csv", i + 1, `o${i}`, i < 2 ? "nobody" : "u1"] as const,
  );
  await stageJob(
    shop,
    "j1",
    [result("s.csv"), result("t.csv", { records: 1, accepted: 1 })],
    [...rows, ["t.csv", 1, "o10", "u1"]],
  );
  const tables = users("select 'u1' as user_id, 'f' as _file");
  const verdict = await check(shop, planOf([plannedFile("s.csv"), plannedFile("t.csv")]), { config, tables });
  expect(verdict.files).toMatchObject([
    { path: "s.csv", status: "held", records: 10, accepted: 0, quarantined: 2, held: 8, score: 80 },
    { path: "t.csv", status: "published", accepted: 1, quarantined: 0 },
  ]);
  const moved = await shop.engine.all(
    `select record, line, raw, reasons[1].code as code, reasons[1].value as value, length(id) as id
     from read_parquet([${verdict.quarantined.map(literal).join(", ")}]) order by record`,
  );
  expect(moved).toEqual([
    { record: 1n, line: 2n, raw: "raw 1", code: "unknown_reference", value: "nobody", id: 32n },
    { record: 2n, line: 3n, raw: "raw 2", code: "unknown_reference", value: "nobody", id: 32n },
  ]);
  const left = await shop.engine.all(
    `select _file, count(*)::integer as n from read_parquet([${(verdict.accepted["sales"] ?? []).map(literal).join(", ")}])
     group by 1 order by 1`,
  );
  expect(left).toEqual([
    { _file: "s.csv", n: 8 },
    { _file: "t.csv", n: 1 },
  ]);
  expect(exitCodeOf(verdict)).toBe(65);
});

test("unique of severity error quarantines the later record; of severity warn it only counts", async () => {
  const staged = [
    ["a.csv", 1, "o1", "u"],
    ["a.csv", 2, "o2", "u"],
    ["a.csv", 3, "o1", "u"],
    ["b.csv", 1, "o3", "u"],
    ["b.csv", 2, "o9", "u"],
    ...Array.from({ length: 17 }, (_, i) => ["b.csv", i + 3, `x${i}`, "u"] as const),
  ] as const;
  const files = [
    result("a.csv", { records: 3, accepted: 3 }),
    result("b.csv", { records: 19, accepted: 19 }),
  ];
  await stageJob(shop, "j1", files, staged);
  const tables: PublishedTables = {
    relation: (source) => (source === "sales" ? "(select 'o9' as order_id, 'before.csv' as _file)" : null),
    latest: () => null,
  };
  const plan = planOf([plannedFile("a.csv", { threshold: 50 }), plannedFile("b.csv")]);
  const warned = await check(shop, plan, {
    config: configWith({ columns: { order_id: { unique: true } } }),
    tables,
  });
  expect(warned.findings.filter((finding) => finding.kind === "unique")).toMatchObject([
    { severity: "warn", column: "order_id", count: 2 },
  ]);
  expect(warned.files.map((file) => file.quarantined)).toEqual([0, 0]);
  const strict = configWith({ unique: [{ columns: ["order_id"], severity: "error" }] });
  const verdict = await check(shop, plan, { config: strict, tables });
  const [a, b] = verdict.files;
  expect(a).toMatchObject({ status: "published", accepted: 2, quarantined: 1 });
  expect(b).toMatchObject({ status: "published", accepted: 18, quarantined: 1 });
  const moved = await shop.engine.all(
    `select path, record::integer as record, reasons[1].code as code
     from read_parquet([${verdict.quarantined.map(literal).join(", ")}]) order by path`,
  );
  expect(moved).toEqual([
    { path: "a.csv", record: 3, code: "duplicate_key" },
    { path: "b.csv", record: 2, code: "duplicate_key" },
  ]);
  expect(verdict.findings.filter((finding) => finding.kind === "unique")).toEqual([]);
});

test("a part's threshold gates only where it is configured", async () => {
  const half = result("s.csv", { records: 2, accepted: 2, null_counts: { order_id: 0, user_id: 2 } });
  await stageJob(
    shop,
    "j1",
    [half],
    [
      ["s.csv", 1, "o1", null],
      ["s.csv", 2, "o1", null],
    ],
  );
  const plan = planOf([plannedFile("s.csv")]);
  expect((await check(shop, plan)).files[0]).toMatchObject({ status: "published", score: 100 });
  for (const [part, value] of [
    ["completeness", "50.00"],
    ["uniqueness", "50.00"],
  ] as const) {
    const verdict = await check(shop, plan, { config: configWith({}, { sales: { [part]: 51 } }) });
    expect(verdict.files[0]).toMatchObject({
      status: "held",
      accepted: 0,
      held: 2,
      message: `${part} ${value} % is below its threshold of 51 %`,
    });
  }
});

test("freshness counts from the run's start on its own day, else from the end of the run's date", async () => {
  const config = configWith({ freshness: { hours: 24 } });
  const quiet = planOf([]);
  const tables = users("select 1", "2026-01-04T02:30:00.000Z");
  expect((await check(shop, quiet, { config, tables })).findings).toEqual([]);
  const later = planOf([], { as_of: "2026-01-04" });
  expect((await check(shop, later, { config, tables })).findings).toEqual([]);
  const stale = planOf([], { as_of: "2026-01-06" });
  const engine = () => Promise.reject(new Error("no engine is needed"));
  expect((await check(shop, stale, { config, tables, engine })).findings).toMatchObject([
    {
      kind: "freshness",
      source: "sales",
      severity: "warn",
      message: "sales: latest event is 69.5 hours old; expected within 24 hours",
    },
  ]);
});

/** Run files of earlier nights, with these profiles of the feed `sales`. */
function earlierRuns(profiles: readonly Partial<FeedProfile>[]): void {
  const base: FeedProfile = {
    source: "sales",
    files: 1,
    records: 200,
    accepted: 200,
    columns: ["order_id", "user_id"],
    nulls: { order_id: 0, user_id: 0 },
    distinct: { order_id: 200, user_id: 5 },
  };
  profiles.forEach((profile, at) => {
    writeJson(`${shop.paths.runs}/2026010${at + 1}T000000Z-aaaa.json`, {
      profiles: { sales: { ...base, ...profile } },
    });
  });
}

const twoHundred = (user: (i: number) => string | null) =>
  Array.from({ length: 200 }, (_, i) => ["s.csv", i + 1, `o${i}`, user(i)] as const);

test("volume, null share, distinct values and columns are compared with earlier runs", async () => {
  earlierRuns([{ records: 600 }, { records: 500 }, { records: 700 }]);
  const drifted = result("s.csv", {
    records: 200,
    accepted: 200,
    null_counts: { order_id: 0, user_id: 100 },
    unknown_columns: ["Coupon"],
  });
  await stageJob(
    shop,
    "j1",
    [drifted],
    twoHundred((i) => (i < 100 ? null : `u${i}`)),
  );
  const verdict = await check(shop, planOf([plannedFile("s.csv")]));
  expect(verdict.findings.map(({ kind, column, rule, count }) => [kind, column, rule, count])).toEqual([
    ["volume", null, expect.stringMatching(/^volume \d+%$/), 200],
    ["drift", "Coupon", "new column", 1],
    ["drift", "user_id", "null share", 100],
    ["drift", "user_id", "distinct values", 100],
  ]);
  expect(verdict.profiles["sales"]).toEqual({
    source: "sales",
    files: 1,
    records: 200,
    accepted: 200,
    columns: ["Coupon", "order_id", "user_id"],
    nulls: { order_id: 0, user_id: 100 },
    distinct: { order_id: 200, user_id: 100 },
  });
});

test("volume_tolerance_pct, a source's volume and drift_null_points say how far is too far", async () => {
  earlierRuns([{ records: 180 }, { records: 200 }, { records: 220 }]);
  // 30 % fewer records, and the nulls of user_id moved by 10 points
  const moved = result("s.csv", { records: 140, accepted: 140, null_counts: { order_id: 0, user_id: 14 } });
  const rows = twoHundred((i) => (i < 14 ? null : `u${i % 5}`)).slice(0, 140);
  await stageJob(shop, "j1", [moved], rows);
  const found = async (
    settings: Partial<Settings>,
    sales: Parameters<typeof configWith>[0] = {},
  ): Promise<readonly string[]> => {
    const config = configWith(sales);
    const changed = { ...config, settings: { ...config.settings, ...settings } };
    const { findings } = await check(shop, planOf([plannedFile("s.csv")]), { config: changed });
    return findings.map(({ rule }) => rule);
  };
  expect(await found({})).toEqual([]);
  expect(await found({ volume_tolerance_pct: 29 })).toEqual(["volume 29%"]);
  expect(await found({}, { volume: { tolerance_pct: 20, severity: "error" } })).toEqual(["volume 20%"]);
  expect(await found({ drift_null_points: 9 })).toEqual(["null share"]);
});

test("a column that one file lost is named; what is as always is not", async () => {
  earlierRuns([{ records: 210 }, { records: 190 }, { records: 200 }]);
  const whole = result("s.csv", { records: 200, accepted: 200 });
  await stageJob(
    shop,
    "j1",
    [whole],
    twoHundred((i) => `u${i % 5}`),
  );
  expect((await check(shop, planOf([plannedFile("s.csv")]))).findings).toEqual([]);
  const lost = result("t.csv", { records: 0, accepted: 0, lost_columns: ["user_id"] });
  await stageJob(shop, "j2", [lost], []);
  const verdict = await check(shop, planOf([plannedFile("s.csv"), plannedFile("t.csv", { job: "j2" })]));
  expect(verdict.findings).toMatchObject(
    [
      { kind: "warning", path: "t.csv" },
      { kind: "drift", column: "user_id", rule: "lost column", count: 1 },
    ].reverse(),
  );
});

test("a run does not compare with itself or with later ones", async () => {
  writeJson(`${shop.paths.runs}/${RUN}.json`, { profiles: {} });
  writeJson(`${shop.paths.runs}/20270101T000000Z-aaaa.json`, { profiles: { sales: { columns: ["gone"] } } });
  await stageJob(shop, "j1", [result("s.csv", { records: 1, accepted: 1 })], [["s.csv", 1, "o1", "u1"]]);
  expect((await check(shop, planOf([plannedFile("s.csv")]))).findings).toEqual([]);
});
