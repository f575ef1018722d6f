/** An SQL identifier, quoted. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string literal, quoted. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  // a statement ends at a NUL
  return quoted.includes("\0") ? `(${quoted.replaceAll("\0", "' || chr(0) || '")})` : quoted;
}

/** A list of SQL string literals in parentheses; at least one. */
export function literalList(texts: readonly string[]): string {
  return `(${texts.map(literal).join(", ")})`;
}

/** A text that is the same in every row: as an ENUM it is neither copied nor hashed a row; Parquet keeps it as text. */
export function constant(text: string): string {
  return constantOf([text])(text);
}

/** SQL for one of a few texts, or null, each as a value of one ENUM. */
export function constantOf(texts: readonly string[]): (text: string | null) => string {
  const different = [...new Set(texts)];
  // an ENUM's values are literals, and a text with a NUL is none
  const type =
    different.length === 0 || different.some((text) => text.includes("\0"))
      ? "varchar"
      : `enum${literalList(different)}`;
  return (text) => `${text === null ? "null" : literal(text)}::${type}`;
}
