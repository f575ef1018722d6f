import { ident, literal, literalList } from "../../engines/quote.js";
import type { FeedConfig } from "../../lib/config-types.js";
import type { StreamShape } from "../prepared-file.js";
import { MAX_RECORD_BYTES } from "../record-stream.js";

/** The engine's buffer, and its longest line: on the second look a record stands behind its own raw text. */
const BUFFERS = {
  // a blank stands before a JSON text of which nothing is known
  first: { line: MAX_RECORD_BYTES + 1, buffer: 2 * MAX_RECORD_BYTES },
  second: { line: 3.25 * MAX_RECORD_BYTES, buffer: 4 * MAX_RECORD_BYTES },
} as const;

/**
 * Columns that stand before a record's own when the engine looks at it a second time: index of its file, its number, its
 * line, its raw text or, where no text can say it, its raw bytes in hex, and what the guard said of it.
 */
export const META = ["_m_file", "_m_record", "_m_line", "_m_raw", "_m_hex", "_m_fault"] as const;

/** SQL over a stream: where it comes from, and what each canonical column is in it. */
export interface Relation {
  readonly from: string;
  readonly bindings: Readonly<Record<string, string>>;
  /** JSON: what each binding's text was. */
  readonly shapes?: Readonly<Record<string, string>>;
  /** JSON: where the record is plain, these columns are typed already. */
  readonly typed?: { readonly when: string; readonly values: Readonly<Record<string, string>> };
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
  const source = readCsv(shape, pipe, names, { ...BUFFERS[look], lineEnd: lineEndOption(shape, look) });
  const lead = look === "first" ? 'row_number() over () as "_n"' : META.map(ident).join(", ");
  return shape.format === "json"
    ? jsonRelation(shape, feed, canonical, source, lead, look)
    : textRelation(shape, feed, canonical, source, lead);
}

/**
 * Without a stated line end the engine takes the first that it meets, be it within a field. It reads CR LF wrongly where
 * that is stated, so such a stream begins with `leadOf` instead.
 */
function lineEndOption(shape: StreamShape, look: "first" | "second"): string {
  return look === "first" && shape.dialect.crlf ? "" : "new_line = '\\n',";
}

/** What goes before a stream's first record: a blank line, which the engine passes over once it knows the line end. */
export function leadOf({ dialect }: StreamShape): Uint8Array {
  return dialect.crlf ? CRLF : NOTHING;
}

const CRLF = Buffer.from("\r\n");
const NOTHING = Buffer.alloc(0);

function readCsv(
  shape: StreamShape,
  pipe: string,
  names: readonly string[],
  read: { readonly line: number; readonly buffer: number; readonly lineEnd: string },
): string {
  const { dialect } = shape;
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  const quote = dialect.quote < 0 ? "" : String.fromCharCode(dialect.quote);
  return `read_csv(${literal(pipe)}, auto_detect = false, header = false, columns = {${columns}},
    delim = ${literal(String.fromCharCode(dialect.delimiter))}, quote = ${literal(quote)}, escape = ${literal(quote)},
    comment = '', nullstr = '', strict_mode = true, null_padding = false, ignore_errors = false,
    ${read.lineEnd} max_line_size = ${read.line}, buffer_size = ${read.buffer})`;
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
  const own = Array.from({ length: shape.width }, (_, index) => `"c${index}"`);
  const shared = Object.entries(shape.shared ?? {}).map(([name, sql]) => `${sql} as ${ident(name)}`);
  return {
    from: `(select ${[lead, ...own, ...shared].join(", ")}, ${rescuedText(unknown)} as "_rescued" from ${source})`,
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

/** JSON whose first look says object; a CASE because AND looks at all of them. */
const STRICT_OBJECT = `case when not json_valid("c0") then false
  when not starts_with(ltrim("c0", chr(9) || ' '), '{') then false
  else not regexp_matches("c0", ${literal(LAX_JSON)}) end`;

/** What the engine reads the values of a plain record as. */
const READ_AS = {
  text: "VARCHAR",
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  any: "VARCHAR",
  none: "VARCHAR",
} as const;

/** A plain record is read in one go; of others, each question costs the engine a parse of its own. */
function jsonRelation(
  shape: StreamShape,
  feed: FeedConfig,
  canonical: readonly string[],
  source: string,
  lead: string,
  look: "first" | "second",
): Relation {
  const keys = (shape.keys ?? []).map(({ key, form }, index) => {
    const typed = READ_AS[form] === "VARCHAR" ? null : ident(`p:${index + 1}`);
    return { key, form, path: literal(pointer(key)), text: ident(`k:${index + 1}`), typed };
  });
  const bindings: Record<string, string> = {};
  const shapes: Record<string, string> = {};
  const values: Record<string, string> = {};
  for (const name of canonical) {
    const found = (shape.names[name] ?? []).flatMap((own) => keys.find(({ key }) => key === own) ?? []);
    const constant = feed.constants[name];
    const texts = [...found.map(({ text }) => text), ...(constant === undefined ? [] : [literal(constant)])];
    if (texts.length > 0) bindings[name] = firstOf(texts);
    // a key of two columns of different types is null in a plain record
    const typed = found.flatMap((key) => key.typed ?? []);
    if (typed.length > 0) values[name] = firstOf(typed);
    const own = found.map(
      ({ path, text }) => `when ${mayBeNoScalar(text)} then json_type("c0", ${path})
      when ${text} is not null then 'VARCHAR'`,
    );
    if (!found.some(({ form }) => form === "any")) own.unshift(`when "_plain" then 'VARCHAR'`);
    shapes[name] = own.length === 0 ? "'VARCHAR'" : `case ${own.join(" ")} else 'VARCHAR' end`;
  }
  const second = look === "second";
  const valid = second ? 'json_valid("c0") and "_m_fault" is null' : STRICT_OBJECT;
  const list = `[${keys.map(({ path }) => path).join(", ")}]`;
  const patch = literal(JSON.stringify(Object.fromEntries(keys.map(({ key }) => [key, null]))));
  const struct = keys.map(({ key, form }) => `${JSON.stringify(key)}:"${READ_AS[form]}"`);
  const columns = keys.map(({ text, typed }, index) => {
    const plain = `struct_extract_at("s", ${index + 1})`;
    const read = `case when "_plain" then ${typed === null ? plain : "null"} else "v"[${index + 1}] end as ${text}, `;
    return typed === null ? read : `${plain} as ${typed}, ${read}`;
  });
  return {
    // Unknown keys: what is left when the known ones are taken away, unless nothing but nulls is. A null has a type.
    from: `(select * exclude ("_left"), case when "_left" is null then null
        when json_merge_patch('{}', "_left") <> '{}' then cast("_left" as varchar) end as "_rescued"
      from (select * exclude ("s", "v"), ${columns.join("")}case when "_plain" or not "_valid" then null
          when len(json_keys("c0")) = list_count("v") then null
          when len(json_keys("c0")) <> list_count(json_type("c0", ${list})) then json_merge_patch("c0", ${patch}) end as "_left"
      from (select *, case when "_plain" then json_transform("c0", ${literal(`{${struct.join(",")}}`)}) end as "s",
          case when "_plain" then null when "_valid" then json_extract_string("c0", ${list}) end as "v"
        from (select *, case when "_plain" then true else coalesce(${valid}, false) end as "_valid"
          from (select ${lead}, "c0", ${second ? "false" : `"c0" >= '!'`} as "_plain" from ${source})))))`,
    bindings,
    shapes,
    typed: { when: '"_plain"', values },
  };
}

function firstOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] as string) : `coalesce(${values.join(", ")})`;
}

/** Boolean SQL: a text that may come of something else than a string or a number. */
function mayBeNoScalar(text: string): string {
  return `(${text} >= '[' and ${text} < '\\' or ${text} >= '{' and ${text} < '|' or ${text} = 'true' or ${text} = 'false')`;
}

/** A JSON pointer to a key of the root, whatever characters the key has. */
function pointer(key: string): string {
  return `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
