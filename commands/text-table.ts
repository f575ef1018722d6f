type Cell = string | number;

/** Rows as aligned columns: numbers to the right, thousands apart. Control signs are shown, not obeyed. */
export function textTable(
  names: readonly string[],
  rows: readonly Readonly<Record<string, Cell>>[],
): readonly string[] {
  const cells = rows.map((row) => names.map((name) => shown(row[name] ?? "")));
  const widths = names.map((name, at) =>
    Math.max(name.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const isNumber = names.map((name) => typeof rows[0]?.[name] === "number");
  return [names, ...cells].map((line) =>
    line
      .map((cell, at) =>
        isNumber[at] === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

function shown(value: Cell): string {
  if (typeof value === "number") return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return value.replaceAll(/\p{Cc}/gu, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
