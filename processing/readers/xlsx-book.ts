import type { DenseWorkSheet, ParsingOptions, WorkBook } from "xlsx";
import { boundedZlib } from "./xlsx-inflate.js";
import { cutSheet } from "./xlsx-parts.js";
import { sharedTexts } from "./xlsx-shared.js";

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
  readonly CFB: {
    readonly utils: { use_zlib(zlib: object): void };
    read(bytes: Buffer, options: object): { readonly FileIndex: readonly ZipMember[] };
  };
  parse_zip(zip: object, options: ParsingOptions & { readonly UTC: boolean }): WorkBook;
}

interface ZipMember {
  readonly name: string;
  /** Absent in a folder. */
  content?: Buffer;
}

interface FilledMember extends ZipMember {
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
/** The library reads styles and the like again with each part: a part is so many times as large. */
const PART_SHARE = 4;
/** Of the shared texts it needs few, but the others cost a little each time: so many parts in their size. */
const PARTS_IN_TEXTS = 3;

/** Throws what the library throws for a damaged workbook, and where a member inflates beyond `maxBytes`. */
export async function openBook(bytes: Buffer, maxBytes: number): Promise<Book> {
  const { CFB, parse_zip } = (await import("xlsx")) as unknown as Library;
  CFB.utils.use_zlib(boundedZlib(maxBytes));
  const zip = CFB.read(bytes, { type: "buffer" });
  const read = (options: ParsingOptions): WorkBook => parse_zip(zip, { ...OPTIONS, ...options });
  const filled = zip.FileIndex.filter((member) => member.content !== undefined) as readonly FilledMember[];
  const sheets = filled.filter((member) => isRoot(member, "worksheet"));
  const shared = filled.find((member) => isRoot(member, "sst"));
  const others = filled.filter(
    (member) => member.name.endsWith(".xml") && !sheets.includes(member) && member !== shared,
  );
  const again = others.reduce((sum, member) => sum + member.content.length, 0);
  const textBytes = shared?.content.length ?? 0;
  const size = Math.max(PART_BYTES, again * PART_SHARE, textBytes / PARTS_IN_TEXTS);
  if (sheets.every((member) => member.content.length <= size)) {
    const book = read({});
    return {
      names: book.SheetNames,
      parts: function* (name) {
        yield sheetOf(book, name);
      },
    };
  }
  const texts = shared === undefined ? null : sharedTexts(shared.content);
  /** Read with the texts that this XML of a sheet refers to; null = with all. */
  const readPart = (xml: Buffer | null, options: ParsingOptions): WorkBook => {
    if (shared !== undefined && texts !== null) shared.content = texts(xml);
    return read(options);
  };
  const { names, members } = membersByName(sheets, () => readPart(Buffer.alloc(0), {}));
  return {
    names,
    parts: function* (name, atLeast) {
      const only = { sheets: names.lastIndexOf(name) };
      const member = members.get(name);
      if (member === undefined) {
        yield sheetOf(readPart(null, only), name);
        return;
      }
      const whole = member.content;
      for (const part of cutSheet(whole, size, atLeast)) {
        member.content = part;
        yield sheetOf(readPart(part, only), name);
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

function isRoot({ content }: FilledMember, tag: string): boolean {
  return new RegExp(`<${tag}[\\s>]`).test(content.subarray(0, 4_096).toString("latin1"));
}

/** Which member holds which sheet, asked of the library: each says its number instead of its cells. */
function membersByName(
  sheets: readonly FilledMember[],
  read: () => WorkBook,
): { readonly names: readonly string[]; readonly members: ReadonlyMap<string, FilledMember> } {
  const contents = sheets.map((member) => member.content);
  for (const [number, member] of sheets.entries()) {
    const row = `<row r="1"><c r="A1"><v>${number}</v></c></row>`;
    member.content = Buffer.from(`<worksheet><sheetData>${row}</sheetData></worksheet>`);
  }
  const book = read();
  for (const [number, member] of sheets.entries()) member.content = contents[number] as Buffer;
  const members = new Map<string, FilledMember>();
  for (const [name, sheet] of Object.entries(book.Sheets)) {
    const member = sheets[Number((sheet as DenseWorkSheet | undefined)?.["!data"]?.[0]?.[0]?.v)];
    if (member !== undefined) members.set(name, member);
  }
  return { names: book.SheetNames, members };
}
