import { BAD_BYTES, type Fault, faultsOf } from "./faults.js";
import type { Encoder } from "./formats/encoder.js";
import type { Cells } from "./model.js";
import { faultPace } from "./pace.js";
import type { FilePlan } from "./plan.js";
import { mix, type Random, seededRandom } from "./random.js";
import type { Shop } from "./shop.js";
import { type Account, fileAccount, type TruthSink } from "./truth.js";

/** What the files of one generation share. */
export interface Generation {
  readonly shop: Shop;
  /** Share of records that are spoilt, 0–1. */
  readonly faults: number;
  /** Leave out what trips other readers, so that they can be compared. */
  readonly plainFaults: boolean;
  readonly truth: TruthSink;
  /** Good records of a file that a later one repeats. */
  readonly kept: Map<string, Cells[]>;
  /** Source → sums over its files. */
  readonly totals: Map<string, { records: number; good: number; duplicates: number; superseded: number }>;
}

/** One record on its way to a file. */
export interface Draft {
  readonly cells: Cells;
  readonly fault: Fault | null;
}

/** Good records to choose copies and new versions from; each serves once. */
const RECENT = 64;

/** The records of a file, good and bad, in order. */
export function* drafts(plan: FilePlan, generation: Generation, random: Random): Generator<Draft> {
  const { model } = plan;
  const { shop } = generation;
  const totals = totalsOf(generation, model.source);
  for (const [at, original] of (generation.kept.get(plan.repeats ?? "") ?? []).entries()) {
    const cells = [...original];
    const revised = model.keyed && model.revise !== null && at % 2 === 1;
    if (revised) model.revise?.(cells, random);
    if (revised) totals.superseded += 1;
    else totals.duplicates += 1;
    yield { cells, fault: null };
  }
  const kept: Cells[] = [];
  if (plan.keep > 0) generation.kept.set(plan.path, kept);
  const faults = faultsOf(model, plan.format).filter(
    (f) =>
      (!generation.plainFaults || f.plain) &&
      (plan.encoder?.encoding !== "utf16le" || f.kind !== "bad_bytes"),
  );
  const due = faultPace(generation.faults, random);
  // every file starts at another kind of fault, so that few files already show all of them
  let nextFault = mix(shop.seed, 91, plan.number);
  let neighbour: Fault | null = null;
  const recent: Cells[] = [];
  for (let index = 0; index < plan.rows; index += 1) {
    const cells = model.make(random, shop, plan.day, plan.first + index);
    const candidate = faults[nextFault % faults.length] as Fault;
    let fault: Fault | null = neighbour;
    neighbour = null;
    // a pair needs room for its second record
    const records = index + 1 < plan.rows ? candidate.records : 1;
    if (fault === null && due(records)) {
      fault = candidate;
      neighbour = records > 1 ? candidate : null;
      nextFault += 1;
    }
    fault?.spoil?.(cells);
    yield { cells, fault };
    if (fault !== null) continue;
    if (kept.length < plan.keep) kept.push(cells);
    else if (recent.length < RECENT) recent.push(cells);
    else if (random.chance(0.005)) yield again(model.keyed ? take(recent, random) : cells);
  }
  function again(cells: Cells): Draft {
    const copy = [...cells];
    if (model.revise !== null && random.chance(0.4)) {
      model.revise(copy, random);
      totals.superseded += 1;
    } else if (model.keyed) totals.duplicates += 1;
    return { cells: copy, fault: null };
  }
}

function take(recent: Cells[], random: Random): Cells {
  const at = random.below(recent.length);
  return recent.splice(at, 1)[0] as Cells;
}

export function totalsOf(
  generation: Generation,
  source: string,
): { records: number; good: number; duplicates: number; superseded: number } {
  let totals = generation.totals.get(source);
  if (totals === undefined) {
    totals = { records: 0, good: 0, duplicates: 0, superseded: 0 };
    generation.totals.set(source, totals);
  }
  return totals;
}

const CHUNK_CHARS = 256 * 1024;

/** The bytes of a text file in chunks; its truth is told when the last one is out. */
export function* content(plan: FilePlan, encoder: Encoder, generation: Generation): Generator<Buffer> {
  const random = seededRandom(generation.shop.seed, plan.number);
  const account = fileAccount(plan.path, plan.model, generation.truth);
  const blankAt = encoder.blankLines ? 3 + random.below(Math.max(plan.rows - 3, 1)) : -1;
  let parts: string[] = [encoder.header];
  let chars = 0;
  let records = 0;
  let blankLines = 0;
  let lines = encoder.headerLines;
  for (const draft of drafts(plan, generation, random)) {
    if (records > 0) parts.push(encoder.separator);
    if (records === blankAt) {
      parts.push(encoder.separator);
      blankLines += 1;
      lines += 1;
    }
    records += 1;
    const text = encoder.encode(draft.cells, draft.fault, random);
    tell(account, draft, records, encoder.hasLines ? lines + 1 : null);
    lines += 1 + newlines(text);
    parts.push(text);
    chars += text.length;
    if (chars >= CHUNK_CHARS) {
      yield bytesOf(parts.join(""), encoder.encoding);
      parts = [];
      chars = 0;
    }
  }
  yield bytesOf(parts.join("") + encoder.footer, encoder.encoding);
  finish(generation, account, plan, {
    records,
    lines: encoder.hasLines ? lines : null,
    headerLines: encoder.headerLines,
    blankLines,
  });
}

export function tell(account: Account, draft: Draft, record: number, line: number | null): void {
  if (draft.fault === null) account.good(draft.cells);
  else account.bad(draft.fault, record, line);
}

export function finish(
  generation: Generation,
  account: Account,
  plan: FilePlan,
  text: { records: number; lines: number | null; headerLines: number; blankLines: number },
): void {
  const file = account.file(text);
  const totals = totalsOf(generation, plan.model.source);
  totals.records += file.records;
  totals.good += file.good;
  generation.truth.write(file);
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

const marker = Buffer.from(BAD_BYTES);

function bytesOf(text: string, encoding: "utf8" | "utf16le"): Buffer {
  const bytes = Buffer.from(text, encoding);
  if (!text.includes(BAD_BYTES)) return bytes;
  for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at)) {
    // a lead byte without its continuation
    bytes[at] = 0xc3;
    bytes[at + 1] = 0x28;
    bytes[at + 2] = 0x29;
  }
  return bytes;
}
