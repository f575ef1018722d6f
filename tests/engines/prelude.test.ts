import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";
import { installPrelude } from "../../engines/prelude.js";

let folder: string;
let engine: DuckDbEngine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gristmill-prelude-"));
  engine = await openDuckDb({ threads: 1, memoryMb: 300, tempDir: join(folder, "temp") });
  await installPrelude(engine);
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

async function values(expression: string, rows: readonly string[]): Promise<unknown[]> {
  const found = await engine.all(
    `select ${expression} as v from (values ${rows.map((row, at) => `(${at}, ${row})`).join(", ")}) t(place, a, b) order by place`,
  );
  return found.map((row) => row["v"]);
}

/** numerator / denominator at `scale` digits, half away from zero, in whole numbers. */
function halfAway(numerator: bigint, denominator: bigint, scale: number): string {
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const rounded = (2n * n * 10n ** BigInt(scale) + d) / (2n * d);
  const digits = rounded.toString().padStart(scale + 1, "0");
  return `${negative && rounded !== 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

test("ratio agrees with whole-number arithmetic, half away from zero, also where the quotient is close to a half", async () => {
  const cents = fc.oneof(fc.bigInt(-(10n ** 18n), 10n ** 18n), fc.bigInt(-1000n, 1000n));
  const count = fc.oneof(fc.bigInt(-50n, 50n), fc.bigInt(1n, 10n ** 9n)).filter((n) => n !== 0n);
  const ties = fc
    .tuple(fc.bigInt(-(10n ** 9n), 10n ** 9n), fc.constantFrom(16n, 64n, 2_000_000n))
    .map(([n, d]) => [n * 100n, d] as const);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.tuple(cents, count), ties), { minLength: 200, maxLength: 200 }),
      async (pairs) => {
        const rows = pairs.map(
          ([a, b]) => `cast(${a} as decimal(38, 2)) * cast(0.01 as decimal(3, 2)), ${b}::bigint`,
        );
        expect(await values("cast(ratio(cast(a as decimal(38, 2)), b) as varchar)", rows)).toEqual(
          pairs.map(([a, b]) => halfAway(a, 100n * b, 6)),
        );
      },
    ),
    { numRuns: 10 },
  );
});

test("amounts agree with whole-number arithmetic, whatever the digits of the shares", async () => {
  const row = fc.record({
    quantity: fc.integer({ min: -100_000, max: 100_000 }),
    price: fc.integer({ min: 0, max: 10 ** 9 }),
    discount: fc.oneof(
      fc.integer({ min: 0, max: 100 }).map((n) => n * 10_000),
      fc.integer({ min: 0, max: 10 ** 6 }),
    ),
    vat: fc.oneof(
      fc.integer({ min: 0, max: 30 }).map((n) => n * 10_000),
      fc.integer({ min: 0, max: 10 ** 6 }),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 200, maxLength: 200 }), async (rows) => {
      const list = rows.map(
        ({ quantity, price, discount, vat }) =>
          `(${quantity}::bigint, ${price} * 0.0001::decimal(18, 4), (${discount} / 1e6)::double, (${vat} / 1e6)::double)`,
      );
      const found = await engine.all(
        `select cast(exact_amount(q, cast(p as decimal(18, 4)), d, v) as varchar) as v from (values ${list.join(", ")}) t(q, p, d, v)`,
      );
      expect(found.map((entry) => entry["v"])).toEqual(
        rows.map(({ quantity, price, discount, vat }) =>
          halfAway(
            BigInt(quantity) * BigInt(price) * BigInt(10 ** 6 - discount) * BigInt(10 ** 6 + vat),
            10n ** 16n,
            4,
          ),
        ),
      );
    }),
    { numRuns: 10 },
  );
});

test("the oracle of these tests rounds half away from zero", () => {
  expect(halfAway(201n, 200n, 2)).toBe("1.01");
  expect(halfAway(-1n, 2n, 2)).toBe("-0.50");
  expect(halfAway(5n, 1000n, 2)).toBe("0.01");
});

test("days, months and hours are UTC's, before 1970 too", async () => {
  const times = [
    "2026-03-31T23:59:59.999999Z",
    "1969-12-31T23:00:00Z",
    "1969-12-31T00:00:00Z",
    "1900-02-28T12:34:56Z",
    "1970-01-01T00:00:00Z",
  ];
  const rows = times.map((time) => `timestamptz '${time}', 0`);
  expect(await values("cast(day_of(a) as varchar)", rows)).toEqual(times.map((time) => time.slice(0, 10)));
  expect(await values("cast(month_of(day_of(a)) as varchar)", rows)).toEqual(
    times.map((time) => `${time.slice(0, 7)}-01`),
  );
  expect(await values("hour_of(a)", rows)).toEqual(times.map((time) => Number(time.slice(11, 13))));
});

test("folding changes A to Z alone; trimming takes blanks, tabs and line ends", async () => {
  expect(await values("lower_ascii(a)", ["'ÄB-C', 0", "'AbC', 0", "null, 0"])).toEqual(["Äb-c", "abc", null]);
  expect(await values("upper_ascii(a)", ["'straße', 0", "'vn', 0"])).toEqual(["STRAßE", "VN"]);
  expect(await values("snake_ascii(a)", ["'Add-To Cart.x', 0"])).toEqual(["add_to_cart_x"]);
  const blanks = [
    "' a b ', 0",
    "chr(9) || 'a' || chr(13) || chr(10), 0",
    "'a', 0",
    "'', 0",
    "'  ', 0",
    "chr(160) || 'a', 0",
  ];
  expect(await values("trim_blanks(a)", blanks)).toEqual(["a b", "a", "a", "", "", "\u00a0a"]);
});

test("masks keep a first letter and an address's domain", async () => {
  const rows = ["'lan.ng@shop.example', 0", "'Łan', 0", "'a@b@c', 0", "'@x', 0", "'', 0", "null, 0"];
  expect(await values("personal_mask(a)", rows)).toEqual([
    "l***@shop.example",
    "Ł***",
    "a***@c",
    "@***",
    "",
    null,
  ]);
});
