import { expect, test } from "vitest";
import type { PlannedFile } from "../../../lib/plan-types.js";
import { planJobs } from "../../../processing/discovery/jobs.js";
import { configOf } from "./raw-folder.js";

const feeds = configOf({}).feeds;
const MB = 1_048_576;

function file(path: string, size: number, feed = "sales"): PlannedFile {
  return {
    path,
    file: path,
    feed,
    source: feed,
    sha256: path,
    size,
    action: "work",
    why: "new",
    location: `/raw/${path}`,
    mtime_ms: 0,
    inode: 0,
    contract_hash: "",
    threshold: 90,
    job: null,
    twin_of: null,
    fault: null,
  };
}

const shape = (files: readonly PlannedFile[], cores: number, workers: number): string[] =>
  planJobs(files, feeds, "r", { cores, workers, memoryMb: 256 }).map(
    (job) => `${job.source} ${job.files.length} files, ${job.threads} threads`,
  );

test("5,000 small files share a few processes", () => {
  const files = Array.from({ length: 5_000 }, (_, i) => file(`f${String(i).padStart(4, "0")}.csv`, 4_096));
  const jobs = planJobs(files, feeds, "r", { cores: 4, workers: 3, memoryMb: 256 });
  expect(jobs.length).toBeLessThanOrEqual(12);
  expect(Math.max(...jobs.map((job) => job.files.length))).toBeLessThanOrEqual(500);
  expect(jobs.flatMap((job) => job.files.map((f) => f.path)).sort()).toEqual(files.map((f) => f.path));
});

test("the heaviest starts first, a large file alone", () => {
  expect(
    shape([file("a", MB), file("b", 300 * MB), file("c", MB), file("u", 100 * MB, "users")], 2, 1),
  ).toEqual(["sales 1 files, 2 threads", "users 1 files, 2 threads", "sales 2 files, 2 threads"]);
});

test("threads that no other job needs go to the one there is", () => {
  expect(shape([file("a", 300 * MB)], 8, 7)).toEqual(["sales 1 files, 8 threads"]);
  expect(shape([file("a", 300 * MB), file("b", 300 * MB)], 8, 7)).toEqual([
    "sales 1 files, 4 threads",
    "sales 1 files, 4 threads",
  ]);
});

test("small files of one feed are spread over the workers", () => {
  const files = Array.from({ length: 8 }, (_, i) => file(`f${i}`, 10 * MB));
  expect(shape(files, 5, 4).length).toBe(4);
});

test("only what is to be worked on gets a job", () => {
  expect(shape([{ ...file("a", MB), action: "skip" }], 2, 1)).toEqual([]);
});
