import { deflateRawSync, inflateRawSync } from "node:zlib";

/**
 * zlib in the shape in which the workbook library takes it: a third of the time of the library's own inflating, and
 * a member that inflates beyond `maxBytes` throws.
 */
export function boundedZlib(maxBytes: number): object {
  function InflateRaw(): object {
    const inflater = {
      bytesRead: 0,
      _finishFlushFlag: 0,
      _processChunk: (packed: Uint8Array): Buffer => {
        const options = { info: true, maxOutputLength: maxBytes, chunkSize: 262_144 };
        // The types do not know what `info` adds.
        const { buffer, engine } = inflateRawSync(packed, options) as unknown as Inflated;
        inflater.bytesRead = engine.bytesWritten;
        return buffer;
      },
    };
    return inflater;
  }
  return { InflateRaw, deflateRawSync };
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}
