import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { content, type Generation } from "./content.js";
import { type FilePlan, filePlans, shopOf, ZIP } from "./plan.js";
import { noTruth, truthFile } from "./truth.js";
import { type ZipWriter, zipWriter } from "./zip.js";

export interface GenerateOptions {
  /** Folder that becomes raw/. */
  readonly out: string;
  readonly seed: number;
  /** Of all unpacked text, roughly. */
  readonly megabytes: number;
  readonly days: number;
  /** Per cent of the records of each file. */
  readonly faultPercent: number;
  /** Leave out what trips other readers (quotes, bytes, texts that engines take for values). */
  readonly plainFaults?: boolean;
  /** File for the ground truth; null = none. */
  readonly truth: string | null;
  /** Sources to write; all by default. */
  readonly sources?: readonly string[];
}

/** The sample of `--sample`. */
export const sampleOptions = { seed: 1, megabytes: 20, days: 7, faultPercent: 1 } as const;

/** Paths that a generation writes, relative to `out`, sorted. */
export function generatedPaths(options: Omit<GenerateOptions, "out" | "truth">): readonly string[] {
  const paths = plansOf(options).map((plan) => (inZip(plan) ? ZIP : plan.path));
  return [...new Set(paths)].sort();
}

/** Write a shop's raw files and what is true of them. The same options give the same bytes. */
export async function generate(options: GenerateOptions): Promise<void> {
  const generation: Generation = {
    shop: shopOf({ ...options, bytes: options.megabytes * 1e6 }),
    faults: options.faultPercent / 100,
    plainFaults: options.plainFaults ?? false,
    truth: options.truth === null ? noTruth : truthFile(options.truth),
    kept: new Map(),
    totals: new Map(),
  };
  const unfinished = `${options.out}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const plans = plansOf(options);
  const zip = plans.some(inZip) ? zipWriter(join(unfinished, ZIP)) : null;
  for (const plan of plans) await writeFile(plan, unfinished, zip, generation);
  zip?.close();
  // whole files only: a generation that is killed leaves nothing that a run would read
  for (const path of generatedPaths(options)) {
    mkdirSync(dirname(join(options.out, path)), { recursive: true });
    renameSync(join(unfinished, path), join(options.out, path));
  }
  rmSync(unfinished, { recursive: true });
  for (const [source, totals] of generation.totals)
    generation.truth.write({ kind: "source", source, ...totals });
  generation.truth.close();
}

function plansOf(options: Omit<GenerateOptions, "out" | "truth">): readonly FilePlan[] {
  const bytes = options.megabytes * 1e6;
  const plans = filePlans(shopOf({ ...options, bytes }), bytes, options.days, options.plainFaults ?? false);
  return plans.filter((plan) => options.sources?.includes(plan.model.source) ?? true);
}

function inZip(plan: FilePlan): boolean {
  return plan.path.startsWith(`${ZIP}/`);
}

async function writeFile(
  plan: FilePlan,
  out: string,
  zip: ZipWriter | null,
  generation: Generation,
): Promise<void> {
  const file = join(out, plan.path);
  if (!inZip(plan)) mkdirSync(dirname(file), { recursive: true });
  if (plan.encoder === null) {
    const { writeWorkbook } = await import("./formats/xlsx.js");
    writeWorkbook(plan, file, generation);
    return;
  }
  const target = inZip(plan) && zip !== null ? zip.member(plan.path.slice(ZIP.length + 1)) : plainFile(file);
  const chunks = content(plan, plan.encoder, generation);
  for await (const chunk of plan.gz ? Readable.from(chunks).pipe(createGzip({ level: 1 })) : chunks)
    target.write(chunk);
  target.end();
}

function plainFile(file: string): { write(chunk: Uint8Array): void; end(): void } {
  const handle = openSync(file, "w");
  return {
    write: (chunk) => {
      writeSync(handle, chunk);
    },
    end: () => closeSync(handle),
  };
}
