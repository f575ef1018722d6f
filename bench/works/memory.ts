import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../lib/paths.js";
import type { RunFile } from "../../lib/run-types.js";
import type { Contender } from "../contender.js";
import { benchData, expectedOf, recordsOf } from "../data.js";
import { race } from "../race.js";
import { type Bar, quotient, type Work } from "../work.js";
import { filesBelow, freshDataFolder, type Workshop } from "../workshop.js";
import { mix } from "./pipeline.js";
import { stageWork } from "./stage-work.js";

const path = "sales/sales_2026-01-05.csv";

/** A worker's memory: does not grow with its input, and has an end when every row is bad. */
const flat: Work = {
  id: "memory",
  title: "Memory of a worker",
  run: async (bench) => {
    const sizes = [
      { name: "gristmill, 5 % bad, a tenth", megabytes: 21 * bench.scale, faultPercent: 5 },
      { name: "gristmill, 5 % bad", megabytes: 210 * bench.scale, faultPercent: 5 },
      { name: "gristmill, every row bad", megabytes: 105 * bench.scale, faultPercent: 100 },
    ];
    const contenders = [];
    let rows = 0;
    for (const { name, megabytes, faultPercent } of sizes) {
      const data = await benchData(bench.workshop.data, {
        name: `sales-${megabytes}mb-${faultPercent}pct`,
        megabytes: megabytes / 0.22,
        days: 1,
        faultPercent,
        plainFaults: true,
        sources: ["sales"],
      });
      const expected = expectedOf(data.truth, (file) => file === path);
      rows = Math.max(rows, recordsOf(expected));
      contenders.push(stageWork(bench.workshop, data.raw, [path], expected, name));
    }
    const results = await race(contenders, { ...bench, rounds: Math.min(bench.rounds, 2) });
    const [small, large, bad] = results;
    const bars: Bar[] = [
      {
        what: "peak RSS at 10 × the input",
        found: quotient(large?.peakRssMb, small?.peakRssMb),
        limit: 1.05,
        sense: "at most",
        unit: "×",
      },
      {
        what: "peak RSS, every row bad",
        found: bad?.peakRssMb ?? null,
        limit: 400,
        sense: "at most",
        unit: "MB",
      },
    ];
    return { id: flat.id, title: flat.title, rows, unit: "records", results, bars };
  },
};

const BUDGET_MB = 600;

/** Transform and publish within `memory_budget_mb`, on a mix of all sources: 1 GB, and 10 GB with --large. */
const stages: Work = {
  id: "memory-stages",
  title: "Memory of transform and publish at a budget of 600 MB",
  run: async (bench) => {
    const peaks = new Map<string, number>();
    const sizes = [1_000 * bench.scale, ...(bench.large ? [10_000 * bench.scale] : [])];
    const contenders = sizes.map((megabytes) => wholeMix(bench.workshop, Math.round(megabytes), peaks));
    const results = await race(contenders, { ...bench, rounds: 1 });
    const bars = [...peaks].map(
      ([what, found]): Bar => ({ what, found, limit: BUDGET_MB, sense: "at most", unit: "MB" }),
    );
    return { id: stages.id, title: stages.title, rows: 1, unit: "runs", results, bars };
  },
};

function wholeMix(workshop: Workshop, megabytes: number, peaks: Map<string, number>): Contender {
  const folder = join(workshop.scratch, `mix-${megabytes}`);
  return {
    name: `gristmill, ${megabytes} MB`,
    rounds: 1,
    missing: () => null,
    prepare: async () => {
      const { raw } = await mix(workshop, megabytes);
      const paths = filesBelow(raw, /\.[a-z]+$/).map((file) => file.slice(raw.length + 1));
      freshDataFolder(workshop, `mix-${megabytes}`, raw, paths);
    },
    invocation: () => ({
      command: "bash",
      args: [
        join(packageRoot, "orchestration", "pipeline_master.sh"),
        ...["--data-dir", folder, "--no-archive", "--quiet"],
      ],
      env: { GRISTMILL_MEMORY_BUDGET_MB: String(BUDGET_MB) },
    }),
    verdict: async () => {
      const [file = ""] = filesBelow(join(folder, "quality", "runs"), /\.json$/);
      const { stages: measured } = JSON.parse(readFileSync(file, "utf8")) as RunFile;
      for (const stage of ["transform", "publish"])
        peaks.set(
          `peak RSS of ${stage}, ${megabytes} MB of input`,
          measured[stage]?.peak_rss_mb ?? Number.NaN,
        );
      return null;
    },
  };
}

export const memoryWorks: readonly Work[] = [flat, stages];
