/** A word as a shell takes it, quoted only where it must be. */
export function shellQuoted(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
