import { statSync } from "node:fs";
import { basename, extname } from "node:path";
import type { FileSample } from "../../contracts/propose/sample.js";
import type { FeedConfig, InputFormat, Settings } from "../../lib/config-types.js";
import { GristmillError, messageOf } from "../../lib/errors.js";
import type { PlannedFile } from "../../lib/run-types.js";
import { UnreadableFile } from "../../processing/guard/unreadable.js";
import type { PreparedFile, ReadContext } from "../../processing/prepared-file.js";
import { prepareByFormat } from "../../processing/readers/format.js";
import { inflateLimits } from "../../processing/readers/inflate-limits.js";
import { readHead } from "../../processing/readers/text-head.js";
import { emptyTally, type RecordSink } from "../../processing/record-stream.js";
import { fieldsOf } from "../../quality/quarantine/raw-layout.js";

const SAMPLED_RECORDS = 20_000;

/** Thrown to leave a file once enough of it was read. */
class EnoughRead extends Error {}

/** Read the first records of a file that no feed claims, by the pipeline's own readers. Throws not_readable. */
export async function readSample(location: string, settings: Settings): Promise<FileSample> {
  const file = plannedFile(location);
  try {
    const context = contextFor(settings, await kindOf(file, settings));
    const preflight = await prepareByFormat(file, context, "csv");
    const format = context.feed.format ?? "csv";
    const encoding = context.feed.options.encoding ?? "utf-8";
    const base = { file: file.file, format, encoding, delimiter: null, isCut: false, malformed: 0 };
    if (preflight.kind !== "ready") return { ...base, header: preflight.header, records: [] };
    return { ...base, ...(await readRecords(preflight.prepared, format)) };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new GristmillError("not_readable", `${location}: ${messageOf(error)}`, { cause: error });
  }
}

async function readRecords(
  prepared: PreparedFile,
  format: InputFormat,
): Promise<Pick<FileSample, "delimiter" | "header" | "records" | "isCut" | "malformed">> {
  const { header, shape } = prepared;
  const delimiter = String.fromCharCode(shape.dialect.delimiter);
  const records: Readonly<Record<string, string | null>>[] = [];
  let malformed = 0;
  const sink: RecordSink = {
    wanted: 0,
    clean: () => undefined,
    malformed: () => {
      malformed += 1;
    },
    take: ({ ordinal, engine, raw }) => {
      sink.wanted = ordinal + 1;
      if (records.length >= SAMPLED_RECORDS) return;
      const record =
        format === "csv"
          ? csvRecord(Buffer.from(raw).toString(), header, delimiter)
          : jsonRecord(shape.oracleRecord(engine), raw);
      if (record === null) malformed += 1;
      else records.push(record);
    },
  };
  let isCut = false;
  const flush = (): Promise<void> =>
    records.length >= SAMPLED_RECORDS ? Promise.reject(new EnoughRead()) : Promise.resolve();
  try {
    await prepared.read(sink, emptyTally(), flush);
  } catch (error) {
    if (!(error instanceof EnoughRead)) throw error;
    isCut = true;
  }
  const names = format === "csv" ? header : [...new Set(records.flatMap((record) => Object.keys(record)))];
  return { delimiter: format === "csv" ? delimiter : null, header: names, records, isCut, malformed };
}

function csvRecord(
  raw: string,
  header: readonly string[],
  delimiter: string,
): Readonly<Record<string, string | null>> | null {
  const fields = fieldsOf(raw, delimiter, '"');
  return fields === null ? null : Object.fromEntries(header.map((name, at) => [name, fields[at] ?? null]));
}

/** JSON and workbooks keep the record as JSON; a line of a log is what its pattern names, a column unknown to the contract behind a `?`. */
function jsonRecord(
  named: Readonly<Record<string, unknown>>,
  raw: Uint8Array,
): Readonly<Record<string, string | null>> | null {
  const own = Object.entries(named).map(([name, value]) => [name.replace(/^\?/, ""), value] as const);
  const record = parsed(Buffer.from(raw).toString()) ?? Object.fromEntries(own);
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, textOf(value)]));
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

interface Kind {
  readonly format: InputFormat;
  readonly encoding: string;
}

/** By its first bytes, then by its name. */
async function kindOf(file: PlannedFile, settings: Settings): Promise<Kind> {
  const name = file.file.toLowerCase().replace(/\.gz$/, "");
  if (extname(name) === ".xlsx") return { format: "xlsx", encoding: "utf-8" };
  const head = await readHead(
    file,
    contextFor(settings, { format: "csv", encoding: "utf-8" }).feed,
    inflateLimits(settings),
  );
  const text = head.bytes.toString("utf8");
  const isText = !text.slice(0, -4).includes("\uFFFD");
  const encoding = isText ? head.form.encoding : "latin-1";
  if (/^\s*[[{]/.test(text)) return { format: "json", encoding };
  return { format: extname(name) === ".log" ? "text" : "csv", encoding };
}

function plannedFile(location: string): PlannedFile {
  const { size, mtimeMs, ino } = statSync(location);
  return {
    path: basename(location),
    file: basename(location),
    feed: "proposed",
    source: "proposed",
    sha256: "",
    size,
    action: "work",
    why: "new",
    location,
    mtime_ms: mtimeMs,
    inode: ino,
    contract_hash: "",
    threshold: 0,
    job: null,
    twin_of: null,
    fault: null,
  };
}

/** A feed that knows nothing of the file but how it is written. */
function contextFor(settings: Settings, { format, encoding }: Kind): ReadContext {
  const feed: FeedConfig = {
    name: "proposed",
    source: "proposed",
    files: [],
    members: [],
    format,
    options: {
      delimiter: null,
      quote: '"',
      encoding,
      header: true,
      names: [],
      sheet: null,
      header_row: null,
      pattern: ["combined", "app"],
      null_values: [],
      timezone: "UTC",
      date_formats: [],
      decimal: ".",
      thousands: null,
    },
    columns: {},
    constants: {},
  };
  return { feed, canonical: [], required: [], types: {}, settings };
}
