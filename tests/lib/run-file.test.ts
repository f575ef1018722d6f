import { expect, test } from "vitest";
import { sumsOf } from "../../lib/run-file.js";
import type { RunFileEntry } from "../../lib/run-file-types.js";

const file = (change: Partial<RunFileEntry>): RunFileEntry => ({
  source: "sales",
  feed: "sales",
  file: "a.csv",
  path: "a.csv",
  sha256: "",
  bytes: 10,
  lines: 5,
  header_lines: 1,
  blank_lines: 0,
  records: 4,
  accepted: 3,
  quarantined: 1,
  held: 0,
  score: 75,
  status: "published",
  stray_quotes: 1,
  ...change,
});

test("sources are summed over their files; the score is that of all records together", () => {
  const sums = sumsOf(
    [
      file({}),
      file({ records: 96, accepted: 0, quarantined: 19, held: 77, lines: null, status: "held" }),
      file({ source: "events", records: 0, accepted: 0, quarantined: 0, status: "skipped", stray_quotes: 0 }),
    ],
    { sales: { duplicates: 2, superseded: 1 } },
  );
  expect(sums["sales"]).toEqual({
    files: 2,
    bytes: 20,
    lines: 5,
    records: 100,
    accepted: 3,
    quarantined: 20,
    held: 77,
    score: 80,
    stray_quotes: 2,
    duplicates: 2,
    superseded: 1,
  });
  expect(sums["events"]).toMatchObject({ files: 1, records: 0, score: null });
});
