import { constants, crc32, deflateRawSync } from "node:zlib";

/** A file of an archive, as texts that follow each other. */
export interface ZipEntry {
  readonly name: string;
  readonly texts: Iterable<string>;
}

/** Speed counts: a workbook is made every night and read now and then. */
const LEVEL = 1;
/** 1980-01-01: the same content gives the same bytes. */
const DOS_DATE = 0x21;
const VERSION = 20;
const DEFLATED = 8;

/** A zip archive of some files; what is packed is held in memory, what it is made from only text by text. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, texts } of entries) {
    const packed = pack(texts);
    const path = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(VERSION, 0);
    fields.writeUInt16LE(DEFLATED, 4);
    fields.writeUInt16LE(DOS_DATE, 8);
    fields.writeUInt32LE(packed.crc, 10);
    fields.writeUInt32LE(packed.bytes.length, 14);
    fields.writeUInt32LE(packed.size, 18);
    fields.writeUInt16LE(path.length, 22);
    parts.push(Buffer.from("PK\u0003\u0004"), fields, path, packed.bytes);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\u0001\u0002"), Buffer.from([VERSION, 0]), fields, place, path);
    offset += 30 + path.length + packed.bytes.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from("PK\u0005\u0006"), end]);
}

function pack(texts: Iterable<string>): {
  readonly bytes: Buffer;
  readonly crc: number;
  readonly size: number;
} {
  const chunks: Buffer[] = [];
  let crc = 0;
  let size = 0;
  const add = (bytes: Buffer, finishFlush: number): void => {
    crc = crc32(bytes, crc);
    size += bytes.length;
    chunks.push(deflateRawSync(bytes, { level: LEVEL, finishFlush }));
  };
  for (const text of texts) add(Buffer.from(text), constants.Z_SYNC_FLUSH);
  add(Buffer.alloc(0), constants.Z_FINISH);
  return { bytes: Buffer.concat(chunks), crc, size };
}
