import type { PreparedFile } from "./prepared-file.js";

/** A file of at least this size has a stream of its own. */
const LARGE_BYTES = 16_000_000;
const STREAM_BYTES = 64_000_000;
const STREAM_FILES = 500;

/** Files of one shape, in the order of their paths, as streams that the engine reads in one scan each. */
export function groupStreams(files: readonly PreparedFile[]): readonly (readonly PreparedFile[])[] {
  const streams: PreparedFile[][] = [];
  const open = new Map<string, { files: PreparedFile[]; bytes: number }>();
  for (const prepared of files) {
    if (prepared.size >= LARGE_BYTES) {
      streams.push([prepared]);
      continue;
    }
    const { key } = prepared.shape;
    let stream = open.get(key);
    if (stream === undefined || stream.files.length >= STREAM_FILES || stream.bytes >= STREAM_BYTES) {
      stream = { files: [], bytes: 0 };
      open.set(key, stream);
      streams.push(stream.files);
    }
    stream.files.push(prepared);
    stream.bytes += prepared.size;
  }
  return streams;
}
