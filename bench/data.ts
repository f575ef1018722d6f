import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type GenerateOptions, generate } from "../generator/generate.js";
import type { TruthFile, TruthLine } from "../generator/truth.js";

/** Raw files of a bench with what is true of them, made once. */
export interface BenchData {
  readonly raw: string;
  readonly truth: string;
}

type Wanted = Omit<GenerateOptions, "out" | "truth" | "seed"> & { readonly name: string };

/** The data of this name, generated when it is not there. */
export async function benchData(folder: string, wanted: Wanted): Promise<BenchData> {
  const home = join(folder, wanted.name);
  const data = { raw: join(home, "raw"), truth: join(home, "truth.ndjson") };
  if (existsSync(home)) return data;
  const unfinished = `${home}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await generate({
    ...wanted,
    seed: 1,
    out: join(unfinished, "raw"),
    truth: join(unfinished, "truth.ndjson"),
  });
  renameSync(unfinished, home);
  return data;
}

/** What the truth says of some files, added up. */
export interface Expected {
  readonly accepted: number;
  readonly rejected: number;
  readonly sums: Readonly<Record<string, string>>;
}

export function expectedOf(truth: string, paths: (path: string) => boolean, source?: string): Expected {
  let accepted = 0;
  let records = 0;
  const sums = new Map<string, bigint>();
  for (const text of readFileSync(truth, "utf8").trimEnd().split("\n")) {
    if (!text.startsWith('{"kind":"file"')) continue;
    const file = JSON.parse(text) as TruthLine as TruthFile;
    if (!paths(file.path) || (source !== undefined && file.source !== source)) continue;
    accepted += file.good;
    records += file.records;
    for (const [column, sum] of Object.entries(file.sums))
      sums.set(column, (sums.get(column) ?? 0n) + BigInt(sum.replace(".", "")));
  }
  return {
    accepted,
    rejected: records - accepted,
    sums: Object.fromEntries([...sums].map(([column, sum]) => [column, tenThousandths(sum)])),
  };
}

export function recordsOf(expected: Expected): number {
  return expected.accepted + expected.rejected;
}

function tenThousandths(sum: bigint): string {
  const digits = String(sum < 0n ? -sum : sum).padStart(5, "0");
  return `${sum < 0n ? "-" : ""}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
