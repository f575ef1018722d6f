import { closeSync, openSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";

/** Midnight of 1980-01-01, the first time that a zip can say: the same bytes whenever it is written. */
const DOS_TIME = 0;
const DOS_DATE = 33;
const LOCAL_HEADER = 30;

/** A zip of stored members (they are packed themselves), written chunk by chunk. */
export interface ZipWriter {
  member(name: string): { write(chunk: Uint8Array): void; end(): void };
  close(): void;
}

export function zipWriter(file: string): ZipWriter {
  const handle = openSync(file, "w");
  const directory: Buffer[] = [];
  let position = 0;
  const write = (bytes: Uint8Array, at: number): void => {
    if (at + bytes.length > 0xffff_ffff) throw new Error(`${file} would exceed 4 GB`);
    writeSync(handle, bytes, 0, bytes.length, at);
  };
  return {
    member: (name) => {
      const start = position;
      const encoded = Buffer.from(name);
      let size = 0;
      let checksum = 0;
      position += LOCAL_HEADER + encoded.length;
      return {
        write: (chunk) => {
          checksum = crc32(chunk, checksum);
          size += chunk.length;
          write(chunk, position);
          position += chunk.length;
        },
        end: () => {
          const fields = memberFields(checksum, size, encoded.length);
          write(Buffer.concat([signature(0x04034b50), fields, encoded]), start);
          const tail = Buffer.alloc(14);
          tail.writeUInt32LE(start, 10);
          const madeBy = Buffer.from([20, 0]);
          directory.push(Buffer.concat([signature(0x02014b50), madeBy, fields, tail, encoded]));
        },
      };
    },
    close: () => {
      const entries = Buffer.concat(directory);
      const end = Buffer.alloc(18);
      end.writeUInt16LE(directory.length, 4);
      end.writeUInt16LE(directory.length, 6);
      end.writeUInt32LE(entries.length, 8);
      end.writeUInt32LE(position, 12);
      write(Buffer.concat([entries, signature(0x06054b50), end]), position);
      closeSync(handle);
    },
  };
}

/** What a local header and the directory say alike: version, flags, method, time, checksum, sizes, name length. */
function memberFields(checksum: number, size: number, nameLength: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x0800, 2); // names are UTF-8
  fields.writeUInt16LE(DOS_TIME, 6);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(checksum, 10);
  fields.writeUInt32LE(size, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(nameLength, 22);
  return fields;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
