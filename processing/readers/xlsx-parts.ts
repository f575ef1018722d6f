const OPEN = "<sheetData>";
const CLOSE = "</sheetData>";
/** Around the rows of a later part. What the library looks for in a head stands there, lest it search all rows for it. */
const HEAD = Buffer.from(`<worksheet><sheetPr/><dimension ref="A1:A1"/><sheetViews></sheetViews>${OPEN}`);
const END = Buffer.from(`${CLOSE}</worksheet>`);

/** The XML of a sheet as XML of parts of about `size` bytes; whole where its rows do not follow their numbers. */
export function* cutSheet(xml: Buffer, size: number, atLeast: number): Generator<Buffer> {
  const open = xml.indexOf(OPEN) + OPEN.length;
  const close = xml.indexOf(CLOSE, open);
  const starts =
    open < OPEN.length || close < 0 ? null : partStarts(xml.subarray(0, close), open, size, atLeast);
  if (starts === null) {
    yield xml;
    return;
  }
  for (const [part, start] of starts.entries()) {
    const end = starts[part + 1] ?? close;
    yield part === 0
      ? Buffer.concat([xml.subarray(0, end), xml.subarray(close)])
      : Buffer.concat([HEAD, xml.subarray(start, end), END]);
  }
}

/** Where parts begin, each with a row; null = a row has no number, or not a greater one than the row before it. */
function partStarts(xml: Buffer, open: number, size: number, atLeast: number): readonly number[] | null {
  const starts = [open];
  let from = open;
  let last = 0;
  for (let p = xml.indexOf("<row", open); p >= 0; p = xml.indexOf("<row", p + 4)) {
    const row = rowNumber(xml, p + 4);
    if (row <= last) return null;
    last = row;
    if (p - from < size || row <= atLeast) continue;
    starts.push(p);
    from = p;
  }
  return starts;
}

/** The number in a row's tag, from behind its name; 0 = it has none. */
function rowNumber(xml: Buffer, from: number): number {
  // Nearly always the first attribute.
  const isFirst = xml[from] === 32 && xml[from + 1] === 114 && xml[from + 2] === 61 && xml[from + 3] === 34;
  if (!isFirst) {
    const tag = xml.toString("latin1", from, Math.max(from, xml.indexOf(">", from)));
    return Number(/\sr="(\d+)"/.exec(tag)?.[1] ?? 0);
  }
  let number = 0;
  let p = from + 4;
  for (let digit = (xml[p] ?? 0) - 48; digit >= 0 && digit <= 9; digit = (xml[++p] ?? 0) - 48)
    number = number * 10 + digit;
  return xml[p] === 34 ? number : 0;
}
