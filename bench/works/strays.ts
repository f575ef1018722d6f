import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { benchData, type Expected, expectedOf, recordsOf } from "../data.js";
import { race } from "../race.js";
import type { Work } from "../work.js";
import type { Workshop } from "../workshop.js";
import { ingestContenders } from "./ingest-contenders.js";

const STRAYS = 10;
const PATH = "sales/sales_2026-01-05.csv";

/** Ten lines with a stray quote in an otherwise clean file: who keeps the others? A wrong answer is no time. */
const strays: Work = {
  id: "strays",
  title: "Ten stray quotes in a clean file of sales",
  run: async (bench) => {
    const { raw, expected } = await spoiltFile(bench.workshop);
    const contenders = ingestContenders(bench.workshop, raw, PATH, expected);
    const results = await race(contenders, { ...bench, rounds: 1 });
    return {
      id: strays.id,
      title: strays.title,
      rows: recordsOf(expected),
      unit: "records",
      results,
      bars: [],
    };
  },
};

export const strayWorks: readonly Work[] = [strays];

/** A clean file, and behind every so many lines a copy of one whose second field opens a quote that nothing closes. */
async function spoiltFile(workshop: Workshop): Promise<{ raw: string; expected: Expected }> {
  const clean = await benchData(workshop.data, {
    name: "sales-strays",
    megabytes: 5,
    days: 1,
    faultPercent: 0,
    plainFaults: true,
    sources: ["sales"],
  });
  const expected = { ...expectedOf(clean.truth, (path) => path === PATH), rejected: STRAYS };
  const raw = join(dirname(clean.raw), "spoilt");
  if (existsSync(join(raw, PATH))) return { raw, expected };
  const lines = readFileSync(join(clean.raw, PATH), "utf8").trimEnd().split("\n");
  const every = Math.floor(lines.length / (STRAYS + 1));
  const spoilt = lines.flatMap((line, at) =>
    at > 0 && at % every === 0 && at / every <= STRAYS ? [line, line.replace(",", ',"')] : [line],
  );
  mkdirSync(dirname(join(raw, PATH)), { recursive: true });
  writeFileSync(join(raw, PATH), `${spoilt.join("\n")}\n`);
  return { raw, expected };
}
