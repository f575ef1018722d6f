import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../lib/paths.js";
import { writeReport } from "./report.js";
import type { WorkReport } from "./work.js";
import { works } from "./works/works.js";
import { cacheFolder } from "./workshop.js";

/** `npm run bench -- [--only ID]… [--rounds N] [--quick] [--fast] [--large]`: measure, compare, check the answers, write the table. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: [] },
      rounds: { type: "string", default: "5" },
      quick: { type: "boolean", default: false },
      fast: { type: "boolean", default: false },
      large: { type: "boolean", default: false },
      out: { type: "string", default: join(packageRoot, "bench", "results") },
    },
  });
  const data = join(cacheFolder, "data");
  mkdirSync(data, { recursive: true });
  // beside the data, so that raw files can be linked
  const scratch = mkdtempSync(join(cacheFolder, "scratch-"));
  const reports = new Map<string, WorkReport>();
  try {
    for (const work of works) {
      if (values.only.length > 0 && !values.only.includes(work.id)) continue;
      process.stdout.write(`${work.title}\n`);
      const report = await work.run({
        workshop: { data, scratch },
        rounds: values.quick ? 1 : Number(values.rounds),
        fast: values.fast,
        scale: values.quick ? 0.1 : 1,
        large: values.large,
        print: (line) => process.stdout.write(`${line}\n`),
        before: reports,
      });
      reports.set(work.id, report);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const table = writeReport(values.out, [...reports.values()], { quick: values.quick });
  process.stdout.write(`\n${table}`);
  const wrong = [...reports.values()].some((r) => r.results[0]?.failure !== null);
  return wrong ? 1 : 0;
}

process.exitCode = await main();
