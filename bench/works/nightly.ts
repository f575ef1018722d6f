import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { openDuckDb } from "../../engines/duckdb.js";
import { exportText } from "../../engines/text-export.js";
import { packageRoot } from "../../lib/paths.js";
import type { RunFile } from "../../lib/run-types.js";
import type { Contender } from "../contender.js";
import { measure } from "../measure.js";
import { race } from "../race.js";
import { type Bar, quotient, type Work } from "../work.js";
import { filesBelow, freshFolder, type Workshop } from "../workshop.js";
import { type NightBytes, nightBytes, told, totalOf } from "./night-bytes.js";

const ROWS_A_DAY = 20_000;
/** Rows of a night that belong to the newest day of the table. */
const LATE_ROWS = 500;
const DAYS_A_FILE = 10;

/** What a night brings to a table of sales, and what it wrote for it. */
interface Night {
  readonly name: string;
  readonly tableDays: number;
  readonly days: number;
}

/** A night's cost must follow what the night brings, not what the table holds. */
const nightly: Work = {
  id: "nightly",
  title: "A night's new sales, on a table and on one of ten times the rows",
  run: async (bench) => {
    const small = Math.round(100 * bench.scale);
    const large = 10 * small;
    const same = [nightOf(small, small / 100), nightOf(large, small / 100)];
    const percent = nightOf(large, large / 100);
    const nights = same.some(({ name }) => name === percent.name) ? same : [...same, percent];
    const written = new Map<string, NightBytes>();
    for (const days of new Set(nights.map((night) => night.tableDays))) await makeTable(bench.workshop, days);
    const contenders = nights.map((night) => contender(bench.workshop, night, written));
    const results = await race(contenders, { ...bench, rounds: Math.min(bench.rounds, 3) });
    for (const [name, bytes] of written) bench.print(`  ${name}: ${told(bytes)}`);
    const [few, many] = same.map(({ name }) => written.get(name));
    const whole = written.get(percent.name);
    const share = quotient(whole && totalOf(whole), tableBytes(bench.workshop, large));
    const bars: Bar[] = [
      {
        what: "bytes (all but raw/ and exports, checkpoints by share), the same night on ten times the rows",
        found: quotient(many && totalOf(many) - many.exports, few && totalOf(few) - few.exports),
        limit: 1.5,
        sense: "at most",
        unit: "×",
      },
      {
        what: "wall, the same night on ten times the rows",
        found: quotient(results[1]?.seconds, results[0]?.seconds),
        limit: 1.5,
        sense: "at most",
        unit: "×",
      },
      {
        what: "bytes of a night of 1 %, share of the tables",
        found: share === null ? null : 100 * share,
        limit: 5,
        sense: "at most",
        unit: "%",
      },
    ];
    return { id: nightly.id, title: nightly.title, rows: rowsOf(percent), unit: "records", results, bars };
  },
};

export const nightlyWorks: readonly Work[] = [nightly];

function nightOf(tableDays: number, days: number): Night {
  const text = (rows: number): string => Math.round(rows).toLocaleString("en");
  const whole = Math.max(1, Math.round(days));
  return {
    name: `${text(whole * ROWS_A_DAY + LATE_ROWS)} rows on ${text(tableDays * ROWS_A_DAY)}`,
    tableDays,
    days: whole,
  };
}

function rowsOf(night: Night): number {
  return night.days * ROWS_A_DAY + LATE_ROWS;
}

function homeOf(workshop: Workshop, days: number): string {
  return join(workshop.data, `nightly-${days}-days`);
}

/** A data folder with so many days of sales, published; made once. */
async function makeTable(workshop: Workshop, days: number): Promise<void> {
  const home = homeOf(workshop, days);
  if (existsSync(home)) return;
  const unfinished = `${home}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  for (let from = 0; from < days; from += DAYS_A_FILE)
    await writeSales(unfinished, `days_${from}`, from, Math.min(days, from + DAYS_A_FILE), 0);
  const made = await measure(pipeline(unfinished));
  if (made.exitCode !== 0) throw new Error(`the table could not be made: ${made.stderr}`);
  renameSync(unfinished, home);
}

/** Rows of some days, and late ones of the day before them, that no day had. */
async function writeSales(
  folder: string,
  name: string,
  from: number,
  to: number,
  late: number,
): Promise<void> {
  mkdirSync(join(folder, "raw", "sales"), { recursive: true });
  const engine = await openDuckDb({ threads: 2, memoryMb: 500, tempDir: join(folder, "temp") });
  try {
    const rows = `select ${from} + i // ${ROWS_A_DAY} as day, i % ${ROWS_A_DAY} as n
      from range(${(to - from) * ROWS_A_DAY}) as r(i)
      union all select ${from - 1}, ${ROWS_A_DAY} + i from range(${late}) as r(i)`;
    const select = `select 'o' || day || '-' || n as order_id, 'p_' || (n * 7 % 200) as product_id, 1 + n % 5 as quantity,
        (100 + n % 9000) / 100 as unit_price,
        strftime(timestamp '2020-01-01' + to_days(day::integer) + to_seconds(n * 4), '%Y-%m-%d %H:%M:%S') as sold_at,
        'u' || (n * 31 % 5000) as user_id, 'web' as channel, (['DE', 'FR', 'PL', 'VN'])[1 + n % 4] as country,
        (['card', 'cash'])[1 + n % 2] as payment_method
      from (${rows}) order by day, n`;
    await exportText(engine, select, join(folder, "raw", "sales", `${name}.csv`), "csv");
  } finally {
    engine.close();
    rmSync(join(folder, "temp"), { recursive: true, force: true });
  }
}

function pipeline(dataDir: string): { readonly command: string; readonly args: readonly string[] } {
  const master = join(packageRoot, "orchestration", "pipeline_master.sh");
  return { command: "bash", args: [master, "--data-dir", dataDir, "--no-archive", "--quiet"] };
}

function contender(workshop: Workshop, night: Night, written: Map<string, NightBytes>): Contender {
  const home = homeOf(workshop, night.tableDays);
  const folder = join(workshop.scratch, "nightly");
  return {
    name: night.name,
    rounds: null,
    missing: () => null,
    prepare: async () => {
      freshFolder(workshop, "nightly");
      for (const file of filesBelow(home, /\.[a-z]+$/))
        copyOrLink(file, join(folder, file.slice(home.length)));
      await writeSales(folder, "night", night.tableDays, night.tableDays + night.days, LATE_ROWS);
    },
    invocation: () => pipeline(folder),
    verdict: async () => {
      written.set(night.name, await nightBytes(home, folder));
      const runs = [...filesBelow(join(folder, "quality", "runs"), /\.json$/)].sort();
      const run = JSON.parse(readFileSync(runs.at(-1) ?? "", "utf8")) as RunFile;
      const rows = run.tables["processed/enriched/sales"]?.rows;
      const wanted = night.tableDays * ROWS_A_DAY + rowsOf(night);
      return rows === wanted ? null : `wrong answer: ${rows} rows of ${wanted}`;
    },
  };
}

/** Data files are linked, as nothing changes them; what is written anew is copied. */
function copyOrLink(from: string, to: string): void {
  if (statSync(from).isDirectory()) return;
  mkdirSync(dirname(to), { recursive: true });
  if (/\.(parquet|csv)$/.test(from) && !from.includes("/exports/")) linkSync(from, to);
  else copyFileSync(from, to);
}

function tableBytes(workshop: Workshop, days: number): number {
  const processed = join(homeOf(workshop, days), "processed");
  return filesBelow(processed, /\.parquet$/).reduce((sum, file) => sum + statSync(file).size, 0);
}
