import type { Config } from "../../lib/config-types.js";
import { type ColumnEvidence, columnEvidence } from "./column-evidence.js";
import { matchSources, type SourceMatch } from "./match-source.js";
import type { FileSample } from "./sample.js";

/** Configuration for an unknown file, each part as it stands in its own file, and what it was made from. */
export interface Proposal {
  /** pipeline_config.yaml: `feeds`, and `sources` where no configured one fits. */
  readonly pipeline: Readonly<Record<string, unknown>>;
  /** data_schemas.json; null where the source has its schema. */
  readonly schemas: Readonly<Record<string, unknown>> | null;
  /** business_rules.yaml; null where the source has its rules, or none suggest themselves. */
  readonly rules: Readonly<Record<string, unknown>> | null;
  /** What it saw, in sentences. */
  readonly notes: readonly string[];
}

/** Below this fit a source of its own is proposed. */
const LEAST_FIT = 0.5;
const PERSONAL = /e-?mail|first.?name|last.?name|surname|phone|birth|address$/i;

export function propose(config: Config, sample: FileSample): Proposal {
  const columns = sample.header.map((name) => columnEvidence(sample, name));
  const best = matchSources(config, sample.header)[0];
  const notes = [...seen(sample), ...columns.map(columnNote)];
  if (best === undefined || best.fit < LEAST_FIT || best.missing.length > 0) {
    const near = best === undefined || best.fit < LEAST_FIT ? [] : [nearNote(best)];
    return ownSource(config, sample, columns, [...notes, ...near]);
  }
  const feed = feedOf(config, sample, best.source, columns, renamed(best));
  const rescued =
    best.unknown.length === 0
      ? []
      : [`unknown to ${best.source}, kept in _rescued: ${best.unknown.join(", ")}`];
  const why = `its columns fit the source ${best.source} (${Math.round(100 * best.fit)} %)`;
  return { pipeline: { feeds: feed }, schemas: null, rules: null, notes: [...notes, why, ...rescued] };
}

/** Only the names that differ need a line. */
function renamed(match: SourceMatch): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(match.columns).filter(([found, column]) => found.trim() !== column),
  );
}

function nearNote({ source, missing }: SourceMatch): string {
  return `nearest source: ${source}, but nothing stands for ${missing.join(", ")}; map those columns if the file has them`;
}

function ownSource(
  config: Config,
  sample: FileSample,
  evidence: readonly ColumnEvidence[],
  notes: readonly string[],
): Proposal {
  const name = unusedName(config.sources, slug(sample.file));
  const names = canonicalNames(evidence.map((column) => column.name));
  const named = evidence.map((column, at) => ({ column, canonical: names[at] ?? column.name }));
  const times = named.find(({ column }) => column.type === "date-time" && column.nulls === 0);
  const key = named.find(
    ({ column, canonical }) =>
      column.nulls === 0 &&
      column.records > 1 &&
      column.distinct === column.records &&
      /id$|^id|code$|no$/.test(canonical),
  );
  const renames = Object.fromEntries(
    named
      .filter(({ column, canonical }) => column.name !== canonical)
      .map((one) => [one.column.name, one.canonical]),
  );
  const source = {
    worker: "records",
    key: key === undefined ? [] : [key.canonical],
    event_time: times?.canonical ?? null,
    partition: times === undefined ? "none" : "date",
  };
  const rules = Object.fromEntries(
    named
      .filter(({ column }) => column.min !== null && column.min >= 0)
      .map(({ canonical }) => [canonical, { min_value: 0 }]),
  );
  return {
    pipeline: { sources: { [name]: source }, feeds: feedOf(config, sample, name, evidence, renames) },
    schemas: {
      [name]: {
        type: "object",
        properties: Object.fromEntries(
          named.map(({ column, canonical }) => [canonical, columnSchema(column)]),
        ),
        required: named
          .filter(({ column }) => column.nulls === 0 && column.records > 0)
          .map((one) => one.canonical),
      },
    },
    rules: Object.keys(rules).length === 0 ? null : { [name]: rules },
    notes: [...notes, `no configured source fits: ${name} is proposed as a source of its own`],
  };
}

function columnSchema(column: ColumnEvidence): Readonly<Record<string, unknown>> {
  const personal = PERSONAL.test(column.name) ? { "x-personal": "mask" } : {};
  switch (column.type) {
    case "boolean":
    case "integer":
    case "number":
    case "object":
    case "array":
      return { type: column.type };
    case "decimal":
      return { type: "number", "x-decimal": [18, Math.max(2, column.scale)] };
    case "date":
    case "date-time":
      return { type: "string", format: column.type };
    case "string":
      return { type: "string", ...(column.values === null ? {} : { enum: column.values }), ...personal };
  }
}

function feedOf(
  config: Config,
  sample: FileSample,
  source: string,
  columns: readonly ColumnEvidence[],
  renames: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const formats = [...new Set(columns.map((column) => column.format).filter((format) => format !== null))];
  const hasComma = columns.some((column) => column.decimal === ",");
  const options = {
    ...(sample.delimiter === null || sample.delimiter === "," ? {} : { delimiter: sample.delimiter }),
    ...(sample.encoding === "utf-8" ? {} : { encoding: sample.encoding }),
    ...(formats.length === 0 ? {} : { date_formats: formats }),
    ...(hasComma ? { decimal: ",", thousands: "." } : {}),
  };
  return {
    [unusedName(config.feeds, slug(sample.file))]: {
      source,
      files: [globOf(sample.file)],
      format: sample.format,
      ...(Object.keys(options).length === 0 ? {} : { options }),
      ...(Object.keys(renames).length === 0 ? {} : { columns: renames }),
    },
  };
}

function seen(sample: FileSample): readonly string[] {
  const { format, encoding, delimiter, records, isCut, malformed } = sample;
  const by = delimiter === null ? "" : `, delimiter ${JSON.stringify(delimiter)}`;
  const bad = malformed === 0 ? [] : [`${malformed} records could not be read as such`];
  return [
    `${sample.file}: ${format}, ${encoding}${by}, ${records.length} records${isCut ? " (the first of them)" : ""}`,
    ...bad,
  ];
}

function columnNote(column: ColumnEvidence): string {
  const { name, type, records, nulls, distinct, min, max } = column;
  const range = min === null ? "" : `, ${min} to ${max}`;
  const empty =
    nulls === 0 ? "" : `, ${records === 0 ? 0 : Math.round((1000 * nulls) / records) / 10} % empty`;
  const format =
    column.format === null
      ? ""
      : `, written ${column.format}${column.isAmbiguous ? " or day and month swapped: check" : ""}`;
  return `${name}: ${type}, ${distinct} distinct${range}${empty}${format}`;
}

/** Files of tomorrow have other digits in their names; a name of digits alone keeps their number. */
export function globOf(file: string): string {
  const safe = file.replaceAll(/[[\]{}()!*?\\@+]/g, "?");
  return /[a-z]/i.test(safe.split(".")[0] ?? "")
    ? safe.replaceAll(/\d[\d_-]*/g, "*")
    : safe.replaceAll(/\d/g, "?");
}

/** Plain names for columns, each once; one without a Latin letter is called by its place. */
function canonicalNames(names: readonly string[]): readonly string[] {
  const taken: Record<string, true> = {};
  return names.map((name, at) => {
    const plain = snake(name) || `column_${at + 1}`;
    const free = unusedName(taken, /^\d/.test(plain) ? `column_${plain}` : plain);
    taken[free] = true;
    return free;
  });
}

/** A name for a source or feed, from the file's. */
function slug(file: string): string {
  const bare = file
    .replace(/\.gz$/i, "")
    .replace(/\.[a-z0-9]+$/i, "")
    .replaceAll(/\d[\d_-]*/g, "_");
  return snake(bare) || "new_feed";
}

function snake(text: string): string {
  const words = text.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
  return words.replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
}

function unusedName(taken: Readonly<Record<string, unknown>>, name: string): string {
  let free = name;
  for (let n = 2; Object.hasOwn(taken, free); n += 1) free = `${name}_${n}`;
  return free;
}
