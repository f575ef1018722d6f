import { benchData, expectedOf, recordsOf } from "../data.js";
import { race } from "../race.js";
import { type Bar, quotient, type Work } from "../work.js";
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

export const memoryWorks: readonly Work[] = [flat];
