import type { ColumnKind } from "./column-kind.js";

export type JsonType = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/** How SQL sees one value while a schema is compiled. The expressions may be null when the value is absent. */
export interface ValueView {
  /** Boolean SQL: is the value of this type; `true` and `false` where it is known beforehand. */
  readonly is: (type: JsonType) => string;
  /** The value as a number; null where it never is one. */
  readonly number: { readonly sql: string; readonly exactness: "integer" | "decimal" | "double" } | null;
  readonly text: string | null;
  readonly boolean: string | null;
}

/** View of a typed column. */
export function columnView(kind: ColumnKind, sql: string): ValueView {
  const never = { number: null, text: null, boolean: null };
  switch (kind.kind) {
    case "string":
      return { ...never, is: only("string"), text: sql };
    case "date":
    case "time":
      return { ...never, is: only("string") };
    case "integer":
      return { ...never, is: only("integer", "number"), number: { sql, exactness: "integer" } };
    case "decimal":
    case "number":
    case "share":
      return {
        ...never,
        is: (type) => (type === "integer" ? `(${sql} = trunc(${sql}))` : String(type === "number")),
        number: { sql, exactness: kind.kind === "decimal" ? "decimal" : "double" },
      };
    case "boolean":
      return { ...never, is: only("boolean"), boolean: sql };
    case "nested":
      return { ...never, is: only(...kind.types) };
  }
}

function only(...types: readonly JsonType[]): (type: JsonType) => string {
  return (type) => String(types.includes(type));
}

/** View of a JSON value as it is, without conversions; JSON null is a value. Arrays and objects are not looked into. */
export function jsonView(json: string): ValueView {
  const type = `json_type(${json})`;
  const isNumber = `(suffix(${type}, 'INT') or ${type} = 'DOUBLE')`;
  const number = `case when ${isNumber} then try_cast((${json} ->> '$') as double) end`;
  const is: Readonly<Record<JsonType, string>> = {
    null: `(${type} = 'NULL')`,
    boolean: `(${type} = 'BOOLEAN')`,
    string: `(${type} = 'VARCHAR')`,
    array: `(${type} = 'ARRAY')`,
    object: `(${type} = 'OBJECT')`,
    number: isNumber,
    integer: `coalesce(trunc(${number}) = (${number}), false)`,
  };
  return {
    is: (name) => is[name],
    number: { sql: `(${number})`, exactness: "double" },
    text: `(case when ${type} = 'VARCHAR' then ${json} ->> '$' end)`,
    boolean: `(case when ${type} = 'BOOLEAN' then (${json} ->> '$') = 'true' end)`,
  };
}
