import type { DenseWorkSheet, ParsingOptions, WorkBook } from "xlsx";

/** A workbook; the library reads its sheets when they are asked for. */
export interface Book {
  readonly names: readonly string[];
  /**
   * A sheet in parts of consecutive rows, so that only one part's cells are in memory. The first part has the merged
   * ranges and at least the first `atLeast` rows. Throws for a sheet that is not there or cannot be read.
   */
  parts(name: string, atLeast: number): Generator<DenseWorkSheet>;
}

/** What is used of the library; its types leave out the reading of an opened zip. */
interface Library {
  readonly CFB: { read(bytes: Buffer, options: object): { readonly FileIndex: readonly ZipMember[] } };
  parse_zip(zip: object, options: ParsingOptions & { readonly UTC: boolean }): WorkBook;
}

interface ZipMember {
  readonly name: string;
  /** Absent in a folder. */
  content?: Buffer;
}

interface SheetMember extends ZipMember {
  content: Buffer;
}

const OPTIONS = {
  dense: true,
  cellDates: true,
  UTC: true,
  cellFormula: false,
  cellHTML: false,
  cellText: false,
  cellNF: false,
  cellStyles: false,
} as const;

/** Bytes of XML in a part. */
const PART_BYTES = 1_000_000;
/** The library reads shared texts and styles again with each part: a part is so many times as large. */
const PART_SHARE = 4;

const OPEN = "<sheetData>";
const CLOSE = "</sheetData>";
/** Around the rows of a later part. What the library looks for in a head stands there, lest it search all rows for it. */
const HEAD = Buffer.from(`<worksheet><sheetPr/><dimension ref="A1:A1"/><sheetViews></sheetViews>${OPEN}`);
const END = Buffer.from(`${CLOSE}</worksheet>`);

/** Throws what the library throws for a damaged workbook. */
export async function openBook(bytes: Buffer): Promise<Book> {
  const { CFB, parse_zip } = (await import("xlsx")) as unknown as Library;
  const zip = CFB.read(bytes, { type: "buffer" });
  const read = (options: ParsingOptions): WorkBook => parse_zip(zip, { ...OPTIONS, ...options });
  const sheets = zip.FileIndex.filter(isSheet);
  const others = zip.FileIndex.filter((member) => member.name.endsWith(".xml") && !isSheet(member));
  const shared = others.reduce((sum, member) => sum + (member.content?.length ?? 0), 0);
  const size = Math.max(PART_BYTES, shared * PART_SHARE);
  if (sheets.every((member) => member.content.length <= size)) {
    const book = read({});
    return {
      names: book.SheetNames,
      parts: function* (name) {
        yield sheetOf(book, name);
      },
    };
  }
  const { names, members } = membersByName(sheets, () => read({}));
  return {
    names,
    parts: function* (name, atLeast) {
      const only = { sheets: names.lastIndexOf(name) };
      const member = members.get(name);
      if (member === undefined) {
        yield sheetOf(read(only), name);
        return;
      }
      const whole = member.content;
      for (const part of cutSheet(whole, size, atLeast)) {
        member.content = part;
        yield sheetOf(read(only), name);
      }
      member.content = whole;
    },
  };
}

function sheetOf(book: WorkBook, name: string): DenseWorkSheet {
  const sheet = book.Sheets[name];
  if (sheet === undefined) throw new Error(`it has no sheet ${JSON.stringify(name)}`);
  return sheet as DenseWorkSheet;
}

function isSheet(member: ZipMember): member is SheetMember {
  const { content } = member;
  return content !== undefined && /<worksheet[\s>]/.test(content.subarray(0, 4_096).toString("latin1"));
}

/** Which member holds which sheet, asked of the library: each says its number instead of its cells. */
function membersByName(
  sheets: readonly SheetMember[],
  read: () => WorkBook,
): { readonly names: readonly string[]; readonly members: ReadonlyMap<string, SheetMember> } {
  const contents = sheets.map((member) => member.content);
  for (const [number, member] of sheets.entries()) {
    const row = `<row r="1"><c r="A1"><v>${number}</v></c></row>`;
    member.content = Buffer.from(`<worksheet>${OPEN}${row}${CLOSE}</worksheet>`);
  }
  const book = read();
  for (const [number, member] of sheets.entries()) member.content = contents[number] as Buffer;
  const members = new Map<string, SheetMember>();
  for (const [name, sheet] of Object.entries(book.Sheets)) {
    const member = sheets[Number((sheet as DenseWorkSheet | undefined)?.["!data"]?.[0]?.[0]?.v)];
    if (member !== undefined) members.set(name, member);
  }
  return { names: book.SheetNames, members };
}

/** The XML of a sheet as XML of parts of about `size` bytes; whole where its rows do not follow their numbers. */
function* cutSheet(xml: Buffer, size: number, atLeast: number): Generator<Buffer> {
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
