import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pruneArchives, pruneLogs, pruneRunFiles } from "../../../lake/archive/retention.js";
import { dataPaths } from "../../../lib/paths.js";

function folderWith(names: readonly string[], folder: string): string {
  const root = mkdtempSync(join(tmpdir(), "gristmill-retention-"));
  mkdirSync(join(root, folder), { recursive: true });
  for (const name of names) writeFileSync(join(root, folder, name), "");
  return root;
}

const archives = [
  "archive_20260101_0200.tar.gz",
  "archive_20260102_0200.tar.gz",
  "archive_20260102_0200_2.tar.gz",
  "archive_20260102_0200_10.tar.gz",
];
const others = ["mine.tar.gz", "restored.json"];

test.each([
  ["all", { count: 0, days: 0 }, archives],
  ["the newest by minute, then by number", { count: 2, days: 0 }, [archives[2], archives[3]]],
  ["those younger than a day", { count: 0, days: 1 }, archives.slice(1)],
  ["what fits both", { count: 1, days: 1 }, [archives[3]]],
])("archives: %s", (_name, keep, kept) => {
  const paths = dataPaths(folderWith([...archives, ...others], "archive"));
  pruneArchives(paths, keep, Date.UTC(2026, 0, 3));
  expect(readdirSync(paths.archive).sort()).toEqual([...kept, ...others].sort());
});

test("run files and logs by count; what is not ours stays", () => {
  const runs = [
    "20260101T020000Z-aaaa.json",
    "20260102T020000Z-0001.json",
    "20260103T020000Z-ffff.json",
    "notes.json",
  ];
  const paths = dataPaths(folderWith(runs, "quality/runs"));
  expect(pruneRunFiles(paths, 2)).toEqual(["20260101T020000Z-aaaa.json"]);
  expect(pruneRunFiles(paths, 0)).toEqual([]);
  expect(readdirSync(paths.runs)).toEqual(runs.slice(1));
  const logs = ["pipeline_20260101T020000Z-aaaa.log", "pipeline_20260102T020000Z-aaaa.log", "other.log"];
  const folder = folderWith(logs, "logs");
  expect(pruneLogs(join(folder, "logs"), 1)).toEqual([logs[0]]);
  expect(pruneLogs(join(folder, "nowhere"), 1)).toEqual([]);
});
