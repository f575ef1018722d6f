import { pipeline } from "node:stream/promises";
import { crc32, createDeflateRaw } from "node:zlib";

/** One file of an archive; its text is taken in as it is made. */
export interface ZipPart {
  readonly name: string;
  readonly chunks: Iterable<string>;
}

interface Packed {
  readonly name: Buffer;
  readonly bytes: Buffer;
  readonly crc: number;
  readonly size: number;
}

/** Midnight of 1980-01-01, the first time that a zip can say: the same content gives the same bytes. */
const DATE = 0x21;
/** 2.0: deflate. */
const VERSION = 20;
const DEFLATE = 8;
/** Names are UTF-8. */
const FLAGS = 0x0800;

/** A zip archive of deflated texts, below 4 GB. The packing goes on beside this thread. */
export async function zip(parts: readonly ZipPart[]): Promise<Buffer> {
  const bytes: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const packed = await pack(part);
    const head = fields(packed);
    const local = [Buffer.from("PK\x03\x04", "latin1"), head, packed.name, packed.bytes];
    bytes.push(...local);
    directory.push(centralEntry(packed, head, offset));
    offset += local.reduce((sum, piece) => sum + piece.length, 0);
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...bytes, central, endRecord(parts.length, central.length, offset)]);
}

async function pack({ name, chunks }: ZipPart): Promise<Packed> {
  let crc = 0;
  let size = 0;
  const counted = function* (): Iterable<Buffer> {
    for (const chunk of chunks) {
      const text = Buffer.from(chunk);
      crc = crc32(text, crc);
      size += text.length;
      yield text;
    }
  };
  const pieces: Buffer[] = [];
  await pipeline(counted(), createDeflateRaw(), async (deflated: AsyncIterable<Buffer>) => {
    for await (const piece of deflated) pieces.push(piece);
  });
  return { name: Buffer.from(name), bytes: Buffer.concat(pieces), crc, size };
}

/** What the head of a file and its entry in the directory have in common. */
function fields({ name, bytes, crc, size }: Packed): Buffer {
  const head = Buffer.alloc(26);
  [VERSION, FLAGS, DEFLATE, 0, DATE].forEach((value, at) => {
    head.writeUInt16LE(value, at * 2);
  });
  [crc, bytes.length, size].forEach((value, at) => {
    head.writeUInt32LE(value, 10 + at * 4);
  });
  head.writeUInt16LE(name.length, 22);
  return head;
}

function centralEntry(packed: Packed, head: Buffer, offset: number): Buffer {
  const version = Buffer.alloc(2);
  version.writeUInt16LE(VERSION);
  // comment, disk and attributes: none
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([Buffer.from("PK\x01\x02", "latin1"), version, head, rest, packed.name]);
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
