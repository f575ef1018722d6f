import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import unzipper from "unzipper";
import { openDuckDb } from "../../engines/duckdb.js";
import type { Engine } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";
import { packageRoot } from "../../lib/paths.js";
import type { Contender } from "../contender.js";
import { type BenchData, benchData, expectedOf, recordsOf } from "../data.js";
import { race } from "../race.js";
import { quotient, type Work } from "../work.js";
import { filesBelow, freshDataFolder, freshFolder, type Workshop } from "../workshop.js";

const sources = ["api_logs", "sessions", "products", "users", "sales", "web_logs", "events"] as const;

/** All sources as one whole run (but the archive) against one script by hand that writes the same tables. */
const whole: Work = {
  id: "pipeline",
  title: "The whole pipeline on a mix of all sources, 1 % bad",
  run: async (bench) => {
    const data = await mix(bench.workshop, Math.round(1_000 * bench.scale));
    const paths = filesBelow(data.raw, /\.(csv|gz|log|jsonl)$/).map((file) =>
      file.slice(data.raw.length + 1),
    );
    const counts = new Map<string, string>();
    const contenders = [ours(bench.workshop, data, paths, counts), byHand(bench.workshop, data, counts)];
    const results = await race(contenders, { ...bench, rounds: Math.min(bench.rounds, 3) });
    return {
      id: whole.id,
      title: whole.title,
      rows: recordsOf(expectedOf(data.truth, isMixed)),
      unit: "records",
      results,
      bars: [
        {
          what: "wall, against SQL by hand",
          found: quotient(results[0]?.seconds, results[1]?.seconds),
          limit: 1.4,
          sense: "at most",
          unit: "×",
        },
      ],
    };
  },
};

export const pipelineWorks: readonly Work[] = [whole];

/** What both can read: no second exports (their repeats are another matter), no zip, no XLSX. */
function isMixed(path: string): boolean {
  return !/_resent|marketplace|\.ndjson$|\.xlsx$/.test(path);
}

/** The mix of so many megabytes, made once. */
export async function mix(workshop: Workshop, megabytes: number): Promise<BenchData> {
  const made = await benchData(workshop.data, {
    name: `shop-${megabytes}mb`,
    megabytes,
    days: 7,
    faultPercent: 1,
    plainFaults: true,
  });
  const raw = join(workshop.data, `mix-${megabytes}mb`);
  if (existsSync(raw)) return { raw, truth: made.truth };
  const unfinished = `${raw}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const paths = (readdirSync(made.raw, { recursive: true }) as string[]).filter((path) =>
    /\.[a-z]+$/.test(path),
  );
  const plain = paths.filter((path) => isMixed(path) && !path.endsWith(".zip"));
  const linked = freshDataFolder(
    { ...workshop, scratch: workshop.data },
    basename(unfinished),
    made.raw,
    plain,
  );
  const zip = await unzipper.Open.file(join(made.raw, "api_logs.zip"));
  for (const member of zip.files)
    writeFileSync(join(linked, "raw", basename(member.path)), await member.buffer());
  renameSync(join(linked, "raw"), raw);
  rmSync(linked, { recursive: true });
  return { raw, truth: made.truth };
}

function ours(
  workshop: Workshop,
  data: BenchData,
  paths: readonly string[],
  counts: Map<string, string>,
): Contender {
  let folder = "";
  return {
    name: "gristmill",
    rounds: null,
    missing: () => null,
    prepare: async () => {
      folder = freshDataFolder(workshop, "pipeline", data.raw, paths);
    },
    invocation: () => ({
      command: "bash",
      args: [
        join(packageRoot, "orchestration", "pipeline_master.sh"),
        ...["--data-dir", folder, "--no-archive", "--quiet"],
      ],
    }),
    verdict: () => judged(data, counts, (table) => newestFiles(join(folder, "processed", table))),
  };
}

function byHand(workshop: Workshop, data: BenchData, counts: Map<string, string>): Contender {
  let folder = "";
  return {
    name: "DuckDB, one script by hand",
    rounds: null,
    missing: () => null,
    prepare: async () => {
      folder = freshFolder(workshop, "by-hand");
    },
    invocation: () => ({
      command: process.execPath,
      args: [join(packageRoot, "dist", "bench", "peers", "duckdb-pipeline.js"), data.raw, folder],
    }),
    verdict: () =>
      judged(data, counts, (table) => {
        const path = join(folder, table.includes("/") ? table : `processed/${table}`);
        return existsSync(path) ? filesBelow(path, /\.parquet$/) : [`${path}.parquet`];
      }),
  };
}

/** Files of a Delta table that a first run wrote: those that its log names. */
function newestFiles(folder: string): readonly string[] {
  const log = filesBelow(join(folder, "_delta_log"), /^[0-9]{20}\.json$/).flatMap((file) =>
    readFileSync(file, "utf8").trimEnd().split("\n"),
  );
  const live = new Set<string>();
  for (const text of log) {
    const { add, remove } = JSON.parse(text) as { add?: { path: string }; remove?: { path: string } };
    if (remove !== undefined) live.delete(remove.path);
    if (add !== undefined) live.add(add.path);
  }
  return [...live].map((path) => join(folder, decodeURIComponent(path)));
}

/** Bronze against the truth; everything else must have the same counts and revenue in both. */
async function judged(
  data: BenchData,
  counts: Map<string, string>,
  filesOf: (table: string) => readonly string[],
): Promise<string | null> {
  const engine = await openDuckDb({ threads: 2, memoryMb: 2_000, tempDir: join(data.raw, "..", "temp") });
  try {
    for (const source of sources) {
      const wrong = await bronzeFault(engine, data, source, filesOf(source));
      if (wrong !== null) return wrong;
    }
    const checks: Readonly<Record<string, string>> = {
      ...Object.fromEntries(sources.map((source) => [`enriched/${source}`, "count(*)"])),
      "joined/combined_sessions": "count(*) || ' ' || count(user_city) || ' ' || count(log_request_id)",
      "aggregated/sales_by_month": "count(*) || ' ' || sum(revenue) || ' ' || sum(revenue_with_vat)",
      "aggregated/sales_by_day": "sum(orders) || ' ' || sum(customers) || ' ' || sum(revenue)",
      "aggregated/web_logs": "count(*) || ' ' || sum(hits) || ' ' || sum(visitors)",
      "aggregated/events_funnel": "count(*) || ' ' || sum(events) || ' ' || sum(sessions)",
      "aggregated/api_logs": "sum(count_requests)",
      "aggregated/sessions": "sum(nb_sessions)",
      "aggregated/products": "sum(nb_products)",
      "aggregated/users": "sum(nb_users)",
    };
    for (const [table, check] of Object.entries(checks)) {
      const [row] = await engine.all(`select (${check})::varchar as found from ${relation(filesOf(table))}`);
      const found = String(row?.["found"]);
      const wanted = counts.get(table) ?? found;
      counts.set(table, wanted);
      if (found !== wanted) return `wrong answer: ${table} has ${found}, not ${wanted}`;
    }
    return null;
  } finally {
    engine.close();
  }
}

async function bronzeFault(
  engine: Engine,
  data: BenchData,
  source: string,
  files: readonly string[],
): Promise<string | null> {
  const expected = expectedOf(data.truth, isMixed, source);
  const sums = Object.keys(expected.sums).map(
    (c) => `coalesce(sum("${c}"::decimal(38, 4)), 0)::varchar as "${c}"`,
  );
  const [row] = await engine.all(
    `select ${["count(*)::int as n", ...sums].join(", ")} from ${relation(files)}`,
  );
  if (row?.["n"] !== expected.accepted)
    return `wrong answer: ${source} has ${row?.["n"]}, not ${expected.accepted} rows`;
  for (const [column, sum] of Object.entries(expected.sums))
    if (row[column] !== sum) return `wrong answer: ${source}.${column} adds up to ${row[column]}, not ${sum}`;
  return null;
}

function relation(files: readonly string[]): string {
  return `read_parquet([${files.map(literal).join(", ")}], hive_partitioning = true, union_by_name = true)`;
}
