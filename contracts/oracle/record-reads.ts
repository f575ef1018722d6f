/** Columns that a keyword of a record schema looks at: while one of them is no value, the keyword is not judged. */
export function keywordReads(
  keyword: string,
  schema: Readonly<Record<string, unknown>>,
  columns: readonly string[],
  document: Readonly<Record<string, unknown>>,
): ReadonlySet<string> {
  const reads = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const own = node as Readonly<Record<string, unknown>>;
    const properties = Object.keys((own["properties"] as object | undefined) ?? {});
    for (const name of properties) reads.add(name);
    for (const name of (own["required"] as readonly string[] | undefined) ?? []) reads.add(name);
    for (const [name, others] of Object.entries(
      (own["dependentRequired"] as Record<string, string[]> | undefined) ?? {},
    )) {
      for (const each of [name, ...others]) reads.add(each);
    }
    if (own["additionalProperties"] === false) {
      for (const name of columns) if (!properties.includes(name)) reads.add(name);
    }
    for (const list of ["allOf", "anyOf", "oneOf"])
      for (const entry of (own[list] as readonly unknown[] | undefined) ?? []) walk(entry);
    for (const one of ["not", "if", "then", "else"]) walk(own[one]);
    if (typeof own["$ref"] === "string") walk(follow(own["$ref"], document));
  };
  if (keyword === "additionalProperties") {
    const known = Object.keys((schema["properties"] as object | undefined) ?? {});
    return new Set(schema[keyword] === false ? columns.filter((name) => !known.includes(name)) : []);
  }
  walk({ [keyword]: schema[keyword] });
  if (keyword === "if") for (const branch of ["then", "else"]) walk(schema[branch]);
  return reads;
}

function follow(ref: string, document: unknown): unknown {
  let target = document;
  for (const step of ref.split("/").slice(1)) {
    target = (target as Readonly<Record<string, unknown>>)[
      decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")
    ];
  }
  return target;
}
