import { ident } from "../engines/quote.js";
import { GristmillError } from "../lib/errors.js";
import type { TableColumn } from "../lib/run-types.js";

type DeltaType = TableColumn["type"];

/** Delta's name of a plain type → SQL's. */
const plainTypes: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  long: "BIGINT",
  integer: "INTEGER",
  short: "SMALLINT",
  byte: "TINYINT",
  double: "DOUBLE",
  float: "FLOAT",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP WITH TIME ZONE",
  binary: "BLOB",
};
const plainDeltaTypes = new Map(Object.entries(plainTypes).map(([delta, sql]) => [sql, delta]));
plainDeltaTypes.set("TIMESTAMPTZ", "timestamp").set("JSON", "string");

/** The SQL type that holds a Delta type. Throws bad_table for a type that no table of ours has. */
export function sqlType(type: DeltaType): string {
  if (typeof type === "string") {
    const plain = plainTypes[type];
    if (plain !== undefined) return plain;
    const decimal = /^decimal\((\d+),(-?\d+)\)$/.exec(type);
    if (decimal !== null) return `DECIMAL(${decimal[1]},${decimal[2]})`;
  } else if (type["type"] === "array") {
    return `${sqlType(type["elementType"] as DeltaType)}[]`;
  } else if (type["type"] === "map") {
    return `MAP(${sqlType(type["keyType"] as DeltaType)}, ${sqlType(type["valueType"] as DeltaType)})`;
  } else if (type["type"] === "struct") {
    const fields = type["fields"] as readonly TableColumn[];
    return `STRUCT(${fields.map((field) => `${ident(field.name)} ${sqlType(field.type)}`).join(", ")})`;
  }
  throw new GristmillError(
    "bad_table",
    `the Delta type ${JSON.stringify(type)} is not known; cast the column to a plain one`,
  );
}

/** The Delta type that holds an SQL type as `describe` names it. Throws internal for types that Parquet would change. */
export function deltaType(sql: string): DeltaType {
  const text = sql.trim();
  const plain = plainDeltaTypes.get(text.toUpperCase());
  if (plain !== undefined) return plain;
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/i.exec(text);
  if (decimal !== null) return `decimal(${decimal[1]},${decimal[2]})`;
  if (text.endsWith("[]")) {
    return { type: "array", elementType: deltaType(text.slice(0, -2)), containsNull: true };
  }
  const nested = /^(STRUCT|MAP)\((.*)\)$/is.exec(text);
  if (nested?.[1]?.toUpperCase() === "STRUCT") {
    return { type: "struct", fields: splitTopLevel(nested[2] ?? "").map(structField) };
  }
  if (nested?.[1]?.toUpperCase() === "MAP") {
    const [key = "", value = ""] = splitTopLevel(nested[2] ?? "");
    return { type: "map", keyType: deltaType(key), valueType: deltaType(value), valueContainsNull: true };
  }
  throw new GristmillError(
    "internal",
    `the SQL type ${sql} has no place in a Delta table; cast the column in its model`,
  );
}

function structField(text: string): TableColumn & { readonly nullable: true; readonly metadata: object } {
  const quoted = /^"((?:[^"]|"")*)"\s+(.*)$/s.exec(text);
  const bare = /^(\S+)\s+(.*)$/s.exec(text);
  const name = quoted?.[1]?.replaceAll('""', '"') ?? bare?.[1] ?? "";
  return { name, type: deltaType(quoted?.[2] ?? bare?.[2] ?? ""), nullable: true, metadata: {} };
}

/** Split at commas that stand outside parentheses and quotes. */
function splitTopLevel(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === "(") depth += 1;
    else if (sign === ")") depth -= 1;
    else if (sign === "," && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}
