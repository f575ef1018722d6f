import { expect, test } from "vitest";
import type { FileVerdict } from "../../../lib/run-types.js";
import { scoreParts } from "../../../quality/scores/score.js";
import { result } from "../checks/fixture.js";

const verdict = { accepted: 8, held: 0, score: 80 } as FileVerdict;
const nothing = { repeats: null, references: null, freshness: null };

test("completeness is the share of filled cells of accepted records, in the columns that the file has", () => {
  // 8 accepted records, 3 columns of which one is not in the file: 16 cells, 4 empty
  const file = result("a.csv", {
    accepted: 8,
    null_counts: { order_id: 0, user_id: 4, store_id: 8 },
    lost_columns: ["store_id"],
  });
  expect(scoreParts(verdict, file, nothing)).toEqual({
    completeness: 75,
    validity: 80,
    uniqueness: null,
    consistency: null,
    freshness: null,
  });
});

test("uniqueness and consistency are shares of what could be compared", () => {
  const counts = { repeats: 2, references: { checked: 10, unknown: 1 }, freshness: 100 };
  expect(scoreParts(verdict, null, counts)).toMatchObject({
    uniqueness: 75,
    consistency: 90,
    freshness: 100,
  });
});

test("nothing compared is no score, not a perfect one", () => {
  const empty = { ...verdict, accepted: 0, score: null };
  const counts = { repeats: 0, references: { checked: 0, unknown: 0 }, freshness: null };
  expect(scoreParts(empty, result("a.csv", { accepted: 0 }), counts)).toEqual({
    completeness: null,
    validity: null,
    uniqueness: null,
    consistency: null,
    freshness: null,
  });
});
