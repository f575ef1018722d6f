import type { Contender } from "../contender.js";
import { benchData, expectedOf, recordsOf } from "../data.js";
import { race } from "../race.js";
import { type Bar, quotient, type Work } from "../work.js";
import type { Workshop } from "../workshop.js";
import { ingestContenders } from "./ingest-contenders.js";

/** Sales as one large file, at three shares of spoilt rows. */
export const ingestWorks: readonly Work[] = [0, 5, 20].map((faultPercent) => ({
  id: `ingest-${faultPercent}`,
  title: `Ingest of one file of sales, ${faultPercent} % bad`,
  run: async (bench) => {
    const { contenders, rows } = await ingestRace(bench.workshop, faultPercent, 210 * bench.scale);
    const results = await race(contenders, bench);
    const [ours, sql] = results;
    const bars: Bar[] = [];
    const against = (what: string, found: number | null, limit: number): void => {
      bars.push({ what, found, limit, sense: "at most", unit: "×" });
    };
    if (faultPercent === 20) {
      const clean = bench.before.get("ingest-0")?.results[0];
      against("wall, against our own 0 %", quotient(ours?.seconds, clean?.seconds), 2);
    } else {
      const limit = faultPercent === 0 ? 0.8 : 1;
      against("wall, against SQL by hand", quotient(ours?.seconds, sql?.seconds), limit);
      if (faultPercent === 5)
        against("CPU, against SQL by hand", quotient(ours?.cpuSeconds, sql?.cpuSeconds), 1);
    }
    const memory = faultPercent === 0 ? 200 : 256;
    if (faultPercent < 20)
      bars.push({
        what: "peak RSS of a worker",
        found: ours?.peakRssMb ?? null,
        limit: memory,
        sense: "at most",
        unit: "MB",
      });
    return {
      id: `ingest-${faultPercent}`,
      title: `Ingest of one file of sales, ${faultPercent} % bad`,
      rows,
      unit: "records",
      results,
      bars,
    };
  },
}));

/** One large file of sales, at a share of spoilt rows: our stage `work` and the peers on the same file. */
async function ingestRace(
  workshop: Workshop,
  faultPercent: number,
  megabytes: number,
): Promise<{ contenders: readonly Contender[]; rows: number }> {
  const data = await benchData(workshop.data, {
    name: `sales-${megabytes}mb-${faultPercent}pct`,
    megabytes: megabytes / 0.22, // sales are that share of a shop
    days: 1,
    faultPercent,
    plainFaults: true,
    sources: ["sales"],
  });
  const path = "sales/sales_2026-01-05.csv";
  const expected = expectedOf(data.truth, (file) => file === path);
  return { contenders: ingestContenders(workshop, data.raw, path, expected), rows: recordsOf(expected) };
}
