import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { writeWorkbook } from "../../generator/formats/xlsx.js";
import { shopOf } from "../../generator/plan.js";
import { products } from "../../generator/sources/products.js";
import { truthFile } from "../../generator/truth.js";
import { type BenchData, benchData, expectedOf, recordsOf } from "../data.js";
import { race } from "../race.js";
import { type Bar, type Bench, quotient, type Work } from "../work.js";
import { stageWork } from "./stage-work.js";

/** API logs as packed JSON: lines, arrays, arrays with broken objects. */
const apiLogs: Work = {
  id: "api-logs",
  title: "API logs, packed JSON",
  run: async (bench) => {
    const megabytes = 600 * bench.scale; // a quarter of it are API logs
    const wanted = { megabytes, sources: ["api_logs"], plainFaults: false };
    const size = `${Math.round(megabytes / 4)}mb`;
    const lines = await benchData(bench.workshop.data, {
      ...wanted,
      name: `api-lines-${size}`,
      days: 2,
      megabytes: megabytes * 2,
      faultPercent: 0,
    });
    const arrays = { ...wanted, days: 1 };
    const clean = await benchData(bench.workshop.data, {
      ...arrays,
      name: `api-array-${size}`,
      faultPercent: 0,
    });
    const dirty = await benchData(bench.workshop.data, {
      ...arrays,
      name: `api-array-bad-${size}`,
      faultPercent: 1,
    });
    const variants = [
      { name: "gristmill, lines", data: lines, path: "api_logs_2026-01-06.json.gz" },
      { name: "gristmill, arrays", data: clean, path: "api_logs_2026-01-05.json.gz" },
      { name: "gristmill, arrays with broken objects", data: dirty, path: "api_logs_2026-01-05.json.gz" },
    ].map(({ name, data, path }) => {
      const expected = expectedOf(data.truth, (file) => file === path);
      return {
        records: recordsOf(expected),
        contender: stageWork(bench.workshop, data.raw, [path], expected, name),
      };
    });
    const results = await race(
      variants.map((variant) => variant.contender),
      bench,
    );
    const seconds = results.map((r, at) => quotient(r.seconds, variants[at]?.records));
    const rows = variants[0]?.records ?? 0;
    const bars: Bar[] = [
      perCore("lines, records a CPU second", rows, results[0]?.cpuSeconds, 400_000),
      atMost("clean arrays, against lines", quotient(seconds[1], seconds[0]), 1.3),
      atMost("arrays with broken objects, against lines", quotient(seconds[2], seconds[0]), 2),
    ];
    return { id: "api-logs", title: "API logs, packed JSON", rows, unit: "records", results, bars };
  },
};

const accessLog: Work = {
  id: "access-log",
  title: "Combined access log",
  run: async (bench) => {
    const megabytes = 1_500 * bench.scale; // 13 % of it is the access log
    const data = await benchData(bench.workshop.data, {
      name: `access-${Math.round(megabytes)}mb`,
      megabytes,
      days: 1,
      faultPercent: 0,
      sources: ["web_logs"],
    });
    return single(bench, accessLog, data, "web_logs/access_2026-01-05.log", (rows, cpu) => [
      perCore("lines a CPU second", rows, cpu, 1_200_000),
    ]);
  },
};

const workbook: Work = {
  id: "xlsx",
  title: "XLSX, 11 columns",
  run: async (bench) => {
    const data = madeWorkbook(bench, Math.round(100_000 * bench.scale));
    const report = await single(bench, workbook, data, "products_catalog.xlsx", () => []);
    const ours = report.results[0];
    return {
      ...report,
      bars: [
        {
          what: "rows a second",
          found: quotient(report.rows, ours?.seconds),
          limit: 35_000,
          sense: "at least",
          unit: "/s",
        },
        { what: "peak RSS", found: ours?.peakRssMb ?? null, limit: 350, sense: "at most", unit: "MB" },
      ],
    };
  },
};

export const formatWorks: readonly Work[] = [apiLogs, accessLog, workbook];

async function single(
  bench: Bench,
  work: Work,
  data: BenchData,
  path: string,
  bars: (rows: number, cpuSeconds: number | null | undefined) => readonly Bar[],
): ReturnType<Work["run"]> {
  const expected = expectedOf(data.truth, (file) => file === path);
  const rows = recordsOf(expected);
  const results = await race([stageWork(bench.workshop, data.raw, [path], expected)], bench);
  const { id, title } = work;
  return { id, title, rows, unit: "records", results, bars: bars(rows, results[0]?.cpuSeconds) };
}

function madeWorkbook(bench: Bench, rows: number): BenchData {
  const home = join(bench.workshop.data, `xlsx-${rows}`);
  const data = { raw: join(home, "raw"), truth: join(home, "truth.ndjson") };
  if (existsSync(home)) return data;
  mkdirSync(join(`${home}.unfinished`, "raw"), { recursive: true });
  const truth = truthFile(join(`${home}.unfinished`, "truth.ndjson"));
  const path = "products_catalog.xlsx";
  writeWorkbook(
    {
      path,
      number: 1,
      model: products,
      format: "xlsx",
      encoder: null,
      gz: false,
      day: 0,
      first: 0,
      rows,
      keep: 0,
      repeats: null,
    },
    join(`${home}.unfinished`, "raw", path),
    {
      shop: shopOf({ seed: 1, bytes: 1e8, days: 1 }),
      faults: 0,
      plainFaults: true,
      truth,
      kept: new Map(),
      totals: new Map(),
    },
  );
  truth.close();
  renameSync(`${home}.unfinished`, home);
  return data;
}

function perCore(what: string, rows: number, cpuSeconds: number | null | undefined, limit: number): Bar {
  return { what, found: quotient(rows, cpuSeconds), limit, sense: "at least", unit: "/s" };
}

function atMost(what: string, found: number | null, limit: number): Bar {
  return { what, found, limit, sense: "at most", unit: "×" };
}
