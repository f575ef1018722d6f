import { ident, literal, literalList } from "../../engines/quote.js";
import type { FeedConfig } from "../../lib/config-types.js";
import type { StreamShape } from "../prepared-file.js";
import { MAX_RECORD_BYTES } from "../record-stream.js";

/** The engine's buffer, and its longest line: on the second look a record stands behind its own raw text. */
const BUFFERS = {
  first: { line: MAX_RECORD_BYTES, buffer: 2 * MAX_RECORD_BYTES },
  second: { line: 3.25 * MAX_RECORD_BYTES, buffer: 4 * MAX_RECORD_BYTES },
} as const;

/** Columns that stand before a record's own when the engine looks at it a second time. */
export const META = [
  "m_file",
  "m_record",
  "m_line",
  "m_code",
  "m_rule",
  "m_message",
  "m_column",
  "m_value",
  "m_raw",
  "m_hex",
  "m_binary",
] as const;

/** SQL over a stream: where it comes from, and what each canonical column is in it. */
export interface Relation {
  readonly from: string;
  readonly bindings: Readonly<Record<string, string>>;
}

/** `first`: numbered records as the guard lets them through · `second`: records behind their META columns. */
export function relationOf(
  shape: StreamShape,
  feed: FeedConfig,
  canonical: readonly string[],
  pipe: string,
  look: "first" | "second",
): Relation {
  const own = Array.from({ length: shape.width }, (_, index) => `c${index}`);
  const names = look === "first" ? own : [...META, ...own];
  const source = readCsv(shape, pipe, names, BUFFERS[look]);
  const lead = look === "first" ? 'row_number() over () as "_n"' : META.map(ident).join(", ");
  return shape.format === "json"
    ? jsonRelation(shape, feed, canonical, source, lead)
    : textRelation(shape, feed, canonical, source, lead);
}

function readCsv(
  shape: StreamShape,
  pipe: string,
  names: readonly string[],
  sizes: { readonly line: number; readonly buffer: number },
): string {
  const { dialect } = shape;
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  const quote = dialect.quote < 0 ? "" : String.fromCharCode(dialect.quote);
  return `read_csv(${literal(pipe)}, auto_detect = false, header = false, columns = {${columns}},
    delim = ${literal(String.fromCharCode(dialect.delimiter))}, quote = ${literal(quote)}, escape = ${literal(quote)},
    comment = '', nullstr = '', strict_mode = true, null_padding = false, ignore_errors = false,
    max_line_size = ${sizes.line}, buffer_size = ${sizes.buffer})`;
}

function textRelation(
  shape: StreamShape,
  feed: FeedConfig,
  canonical: readonly string[],
  source: string,
  lead: string,
): Relation {
  const bindings: Record<string, string> = {};
  for (const name of canonical) {
    const found = shape.columns.filter((column) => column.canonical === name).map((column) => column.sql);
    const constant = feed.constants[name];
    const given =
      constant === undefined ? found : [...found.map((sql) => presentText(sql, feed)), literal(constant)];
    if (given.length === 1) bindings[name] = given[0] as string;
    else if (given.length > 1) bindings[name] = `coalesce(${given.join(", ")})`;
  }
  const unknown = shape.columns.filter((column) => column.canonical === null);
  const own = Array.from({ length: shape.width }, (_, index) => `"c${index}"`).join(", ");
  return {
    from: `(select ${lead}, ${own}, ${rescuedText(unknown)} as "_rescued" from ${source})`,
    bindings,
  };
}

/** A text that counts as given: neither empty nor one of the feed's null values. */
function presentText(sql: string, feed: FeedConfig): string {
  const nulls = feed.options.null_values;
  return nulls.length === 0 ? sql : `case when ${sql} in ${literalList(nulls)} then null else ${sql} end`;
}

function rescuedText(unknown: readonly { readonly name: string; readonly sql: string }[]): string {
  if (unknown.length === 0) return "cast(null as varchar)";
  const parts = unknown.map(({ name, sql }) => {
    const key = literal(`${JSON.stringify(name)}:`);
    return `case when ${sql} is not null then ${key} || cast(to_json(${sql}) as varchar) end`;
  });
  return `nullif('{' || concat_ws(',', ${parts.join(", ")}) || '}', '{}')`;
}

/**
 * The engine's own check of JSON lets NaN, Infinity and trailing commas pass: texts that may hold them count as not
 * valid here, and the second look decides.
 */
const LAX_JSON = "[,:\\[]\\s*-?(?i:nan|inf)|,\\s*[}\\]]";

function jsonRelation(
  shape: StreamShape,
  feed: FeedConfig,
  canonical: readonly string[],
  source: string,
  lead: string,
): Relation {
  const paths: string[] = [];
  const bindings: Record<string, string> = {};
  for (const name of canonical) {
    const found = (shape.names[name] ?? []).map((key) => `"v"[${paths.push(pointer(key))}]`);
    const constant = feed.constants[name];
    const given = constant === undefined ? found : [...found, `cast(to_json(${literal(constant)}) as json)`];
    bindings[name] =
      given.length === 1 ? (given[0] as string) : `coalesce(${given.map(presentJson).join(", ")})`;
  }
  const removed = Object.values(shape.names).flat();
  const patch = literal(JSON.stringify(Object.fromEntries(removed.map((key) => [key, null]))));
  const list = `[${paths.map(literal).join(", ")}]`;
  const second = lead.startsWith('"m_');
  const valid = second
    ? 'json_valid("c0") and "m_code" is null'
    : `json_valid("c0") and starts_with(ltrim("c0", chr(9) || ' '), '{') and not regexp_matches("c0", ${literal(LAX_JSON)})`;
  return {
    // Unknown keys: what is left when the known ones are taken away, unless nothing but nulls is.
    from: `(select * exclude ("_left"), case when json_merge_patch('{}', "_left") <> '{}' then cast("_left" as varchar) end as "_rescued"
      from (select *, case when "_valid" and len(json_keys("c0")) <> list_count("v")
        then json_merge_patch("c0", ${patch}) end as "_left"
      from (select *, case when "_valid" then json_extract("c0", ${list}) end as "v"
        from (select *, coalesce(${valid}, false) as "_valid" from (select ${lead}, "c0" from ${source})))))`,
    bindings,
  };
}

/** A JSON null is no value where another name or a constant may give one. */
function presentJson(sql: string): string {
  return `case when cast(${sql} as varchar) <> 'null' then ${sql} end`;
}

/** A JSON pointer to a key of the root, whatever characters the key has. */
function pointer(key: string): string {
  return `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
