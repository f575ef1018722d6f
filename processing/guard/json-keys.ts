export interface KeyFinder {
  /** Index of the key that stands, in quotes, at `p`; -1 for none. The expected one is tried first. */
  find(view: DataView, p: number, limit: number, expected: number): number;
  /** Bytes of a key and its quotes. */
  length(key: number): number;
}

/** Finds keys in JSON text as it stands: one that is written with escapes is none of them. */
export function keyFinder(keys: readonly string[]): KeyFinder {
  const texts = keys.map((key) => Buffer.from(JSON.stringify(key)));
  const lengths = Int32Array.from(texts, (text) => text.length);
  // compared by words of four bytes, what is left of a text byte by byte
  const words = texts.map((text) =>
    Int32Array.from({ length: text.length >> 2 }, (_, word) => text.readInt32LE(4 * word)),
  );
  const rests = texts.map((text) => text.subarray(text.length & ~3));

  function matches(view: DataView, p: number, key: number): boolean {
    const own = words[key] as Int32Array;
    let q = p;
    for (let at = 0; at < own.length; at++, q += 4) if (view.getInt32(q, true) !== own[at]) return false;
    const rest = rests[key] as Buffer;
    for (let at = 0; at < rest.length; at++) if (view.getUint8(q + at) !== rest[at]) return false;
    return true;
  }

  return {
    find: (view, p, limit, expected) => {
      let key = expected;
      for (let tried = 0; tried < keys.length; tried++, key++) {
        if (key >= keys.length) key = 0;
        if (p + (lengths[key] as number) <= limit && matches(view, p, key)) return key;
      }
      return -1;
    },
    length: (key) => lengths[key] as number,
  };
}
