import type { ReadContext, StreamColumn } from "../prepared-file.js";

/** Which columns of a header the contract knows, by exact name, then by trimmed name; aliases before own names. */
export function mapHeader(header: readonly string[], context: ReadContext): readonly StreamColumn[] {
  const taken = new Set<string>();
  return header.map((found, index) => {
    const plain = found.trim() === "" ? `column_${index + 1}` : found.trim();
    let name = plain;
    for (let twin = 2; taken.has(name); twin++) name = `${plain}_${twin}`;
    taken.add(name);
    // A second column of the same name is no alias of the first: its values are rescued.
    const canonical = name === plain ? canonicalOf(found, context) : null;
    return { name, canonical, sql: `"c${index}"` };
  });
}

export function canonicalOf(name: string, context: Pick<ReadContext, "feed" | "canonical">): string | null {
  const columns = context.feed.columns;
  const trimmed = name.trim();
  if (Object.hasOwn(columns, name)) return columns[name] ?? null;
  if (Object.hasOwn(columns, trimmed)) return columns[trimmed] ?? null;
  return context.canonical.includes(trimmed) ? trimmed : null;
}

/** Required columns that neither the header nor the feed's constants give. */
export function missingColumns(columns: readonly StreamColumn[], context: ReadContext): readonly string[] {
  const given = new Set(columns.map((column) => column.canonical));
  return context.required.filter((name) => !given.has(name) && !Object.hasOwn(context.feed.constants, name));
}

/** Whether every row of the file would be nulls. A file that is read to learn its columns has no contract yet. */
export function noneIsKnown(columns: readonly StreamColumn[], { canonical }: ReadContext): boolean {
  return canonical.length > 0 && columns.every((column) => column.canonical === null);
}

/**
 * Canonical column → names that a JSON key may have for it: its own, unless the feed gives that to another column, then
 * its aliases in the feed's order.
 */
export function namesByColumn(context: ReadContext): Readonly<Record<string, readonly string[]>> {
  const names: Record<string, string[]> = {};
  for (const column of context.canonical)
    names[column] = (context.feed.columns[column] ?? column) === column ? [column] : [];
  for (const [foreign, column] of Object.entries(context.feed.columns)) {
    if (names[column] !== undefined && foreign !== column) names[column].push(foreign);
  }
  return names;
}
