import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../lib/paths.js";
import type { RunFile } from "../../lib/run-types.js";
import type { Contender } from "../contender.js";
import { benchData } from "../data.js";
import { race } from "../race.js";
import type { Bench, Work } from "../work.js";
import { filesBelow, freshDataFolder, freshFolder, type Workshop } from "../workshop.js";

const MASTER = join(packageRoot, "orchestration", "pipeline_master.sh");

/** Whole runs, from the command to the prompt, against seconds that a person waits gladly. */
export const runWorks: readonly Work[] = [
  timed("sample", "--sample on a built checkout", 12, (bench) => sampleRun(bench.workshop, true)),
  timed("nothing-new", "A run with nothing new", 2.5, (bench) => sampleRun(bench.workshop, false)),
  timed("empty", "An empty raw/", 2.5, (bench) => ({
    ...wholeRun("gristmill", () => freshFolder(bench.workshop, "empty"), []),
    exitCode: 66,
    verdict: async () => null,
  })),
  timed("small-files", "5,000 files of 4 KB", 6, smallFiles),
];

function timed(
  id: string,
  title: string,
  seconds: number,
  contender: (bench: Bench) => Contender | Promise<Contender>,
): Work {
  return {
    id,
    title,
    run: async (bench) => {
      const results = await race([await contender(bench)], bench);
      const found = results[0]?.seconds ?? null;
      const bars = [{ what: "wall", found, limit: seconds, sense: "at most", unit: "s" } as const];
      return { id, title, rows: 1, unit: "runs", results, bars };
    },
  };
}

function wholeRun(name: string, folder: () => string, flags: readonly string[], published = 0): Contender {
  let dataDir = "";
  return {
    name,
    rounds: null,
    missing: () => null,
    prepare: async () => {
      dataDir = folder();
    },
    invocation: () => ({
      command: "bash",
      args: [MASTER, "--data-dir", dataDir, "--quiet", ...flags],
    }),
    verdict: async () => {
      const runs = filesBelow(join(dataDir, "quality", "runs"), /\.json$/);
      const run = JSON.parse(readFileSync([...runs].sort().at(-1) ?? "", "utf8")) as RunFile;
      const done = run.files.filter((file) => file.status === "published").length;
      return done === published ? null : `wrong answer: ${done} files published, not ${published}`;
    },
  };
}

function sampleRun(workshop: Workshop, first: boolean): Contender {
  const folder = join(workshop.scratch, "sample");
  const files = 50;
  const again = (): string => {
    if (!existsSync(join(folder, "quality")))
      execFileSync("bash", [MASTER, "--data-dir", folder, "--sample"]);
    return folder;
  };
  return wholeRun(
    "gristmill",
    first ? () => freshFolder(workshop, "sample") : again,
    ["--sample"],
    first ? files : 0,
  );
}

/** One day's sales cut into small files. */
async function smallFiles(bench: Bench): Promise<Contender> {
  const count = Math.round(5_000 * bench.scale);
  const data = await benchData(bench.workshop.data, {
    name: "sales-21mb-0pct",
    megabytes: 21 / 0.22,
    days: 1,
    faultPercent: 0,
    plainFaults: true,
    sources: ["sales"],
  });
  const home = join(bench.workshop.data, `small-files-${count}`);
  const paths = Array.from({ length: count }, (_, at) => `sales/sales_${at}.csv`);
  if (!existsSync(home)) {
    const unfinished = `${home}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(join(unfinished, "sales"), { recursive: true });
    const text = readFileSync(join(data.raw, "sales/sales_2026-01-05.csv"), "utf8");
    const [header = "", ...lines] = text.split("\n").filter((line) => line !== "");
    for (const [at, path] of paths.entries()) {
      const own = lines.slice(at * 46, at * 46 + 46);
      writeFileSync(join(unfinished, path), `${[header, ...own].join("\n")}\n`);
    }
    renameSync(unfinished, home);
  }
  return wholeRun(
    "gristmill",
    () => freshDataFolder(bench.workshop, "small", home, paths),
    ["--no-archive"],
    count,
  );
}
