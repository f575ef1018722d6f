import { expect, test } from "vitest";
import type { PlannedFile } from "../../../lib/plan-types.js";
import { planJobs } from "../../../processing/discovery/jobs.js";
import { plannedFile } from "../../planned-file.js";
import { configOf } from "./raw-folder.js";

const feeds = configOf({}).feeds;
const MB = 1_048_576;

const file = (path: string, size: number, feed = "sales"): PlannedFile =>
  plannedFile(path, { feed, source: feed, size, job: null });

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

test("light jobs share a process for each worker, a heavy one has its own", () => {
  const files = [
    file("a", 2 * MB),
    file("b", 60 * MB),
    file("u", MB, "users"),
    file("p", MB, "products"),
    file("s", MB, "sessions"),
  ];
  const processes = (workers: number): string[] => {
    const jobs = planJobs(files, feeds, "r", { cores: 4, workers, memoryMb: 256 });
    const numbers = [...new Set(jobs.map((job) => job.process))];
    return numbers.map((number) =>
      jobs
        .filter((job) => job.process === number)
        .map((job) => `${job.job} ${job.files.map((one) => one.path).join("+")}`)
        .join(", "),
    );
  };
  expect(processes(1)).toEqual(["j0001 b", "j0002 a, j0003 p, j0004 s, j0005 u"]);
  expect(processes(3)).toEqual(["j0001 b", "j0002 a", "j0003 p, j0005 u", "j0004 s"]);
});

test("heavy jobs share a process as long as all of its threads are busy", () => {
  const processes = (sizes: readonly number[], cores: number, workers: number): string => {
    const files = sizes.map((size, index) =>
      file(`f${index}`, size * MB, `${index % 2 === 0 ? "sales" : "users"}`),
    );
    const jobs = planJobs(files, feeds, "r", { cores, workers, memoryMb: 256 });
    const numbers = [...new Set(jobs.map((job) => job.process))];
    return numbers
      .map((number) =>
        jobs
          .filter((job) => job.process === number)
          .map((job) => Math.round(job.weight / MB))
          .join("+"),
      )
      .join(" ");
  };
  expect(processes([60, 60, 60, 60, 60, 60], 2, 1)).toBe("60+60+60+60+60+60");
  // 300 MB are cut, and so is what would keep one of two threads waiting
  expect(processes([300, 60, 60, 40], 2, 1)).toBe("300 60+60 40");
  expect(processes([200, 40], 2, 1)).toBe("200 40");
  // as many as are even, not as many as fit
  expect(
    processes(
      Array.from({ length: 12 }, () => 100),
      2,
      1,
    ),
  ).toBe("100+100 100+100 100+100 100+100 100+100 100+100");
  expect(
    processes(
      Array.from({ length: 12 }, () => 60),
      4,
      1,
    ),
  ).toBe("60+60+60+60 60+60+60+60 60+60+60+60");
  // three workers with a thread each: enough processes that none is idle at the end
  expect(
    processes(
      Array.from({ length: 24 }, () => 40),
      4,
      3,
    ).split(" "),
  ).toHaveLength(12);
});

test("small files of one feed are spread over the cores", () => {
  const files = Array.from({ length: 8 }, (_, i) => file(`f${i}`, 10 * MB));
  expect(shape(files, 4, 3).length).toBe(4);
});

test("only what is to be worked on gets a job", () => {
  expect(shape([{ ...file("a", MB), action: "skip" }], 2, 1)).toEqual([]);
});
