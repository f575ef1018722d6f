import { encodingOfLabel } from "../../lib/encoding-label.js";
import { GristmillError } from "../../lib/errors.js";

/** Turns blocks of some encoding into blocks of UTF-8; throws on bytes that the encoding does not know. */
export interface BlockDecoder {
  next(block: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

export function textDecoder(encoding: string): BlockDecoder {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const encoder = new TextEncoder();
  return {
    next: (block) => encoder.encode(decoder.decode(block, { stream: true })),
    end: () => encoder.encode(decoder.decode()),
  };
}

/** The WHATWG name of a feed's encoding. Throws bad_configuration. */
export function encodingName(name: string): string {
  const encoding = encodingOfLabel(name);
  if (encoding !== null) return encoding;
  throw new GristmillError(
    "bad_configuration",
    `encoding ${name} is unknown; name one such as utf-8, utf-16le or windows-1252`,
  );
}

export interface Bom {
  readonly encoding: string;
  readonly bytes: number;
}

/** The encoding that a byte order mark names. */
export function bomOf(head: Uint8Array): Bom | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: "utf-8", bytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", bytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", bytes: 2 };
  return null;
}
