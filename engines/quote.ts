/** An SQL identifier, quoted. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string literal, quoted. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list of SQL string literals in parentheses; at least one. */
export function literalList(texts: readonly string[]): string {
  return `(${texts.map(literal).join(", ")})`;
}
