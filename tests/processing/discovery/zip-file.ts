import { crc32, deflateRawSync } from "node:zlib";

export interface ZipSpec {
  readonly name: string;
  readonly content: Buffer | string;
  /** Unix mode, 0o120777 for a link. */
  readonly mode?: number;
  readonly stored?: boolean;
  /** What the directory claims instead of the true checksum. */
  readonly checksum?: number;
}

/** A zip written by hand, so that it can lie. */
export function zipFile(members: readonly ZipSpec[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const content = Buffer.from(member.content);
    const packed = member.stored === true ? content : deflateRawSync(content);
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt16LE(0x800, 2);
    fixed.writeUInt16LE(member.stored === true ? 0 : 8, 4);
    fixed.writeUInt32LE(member.checksum ?? crc32(content), 10);
    fixed.writeUInt32LE(packed.length, 14);
    fixed.writeUInt32LE(content.length, 18);
    fixed.writeUInt16LE(name.length, 22);
    bodies.push(Buffer.from("PK\x03\x04"), fixed, name, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), fixed, tail, name);
    offset += 30 + name.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, central, Buffer.from("PK\x05\x06"), end]);
}
