import type { FeedConfig } from "../../lib/config-types.js";
import type { PlannedFile } from "../../lib/run-types.js";
import { UnreadableFile } from "../guard/unreadable.js";
import { headBytes, type InflateLimits, type TextForm, textBlocks } from "./byte-source.js";
import { bomOf, encodingName } from "./encoding.js";

/** What is usually read of a file to understand it. */
export const HEAD_BYTES = 64 * 1024;

/** The beginning of a file's text, and how to get at all of it. */
export interface TextHead {
  readonly form: TextForm;
  /** Decoded to UTF-8, without the byte order mark. */
  readonly bytes: Buffer;
  /** The head is the whole text. */
  readonly complete: boolean;
}

/**
 * Read the head of a text file; the encoding comes from its byte order mark, then from the feed, then UTF-8.
 * `count`: bytes. Throws UnreadableFile, ChangedFile.
 */
export async function readHead(
  file: PlannedFile,
  feed: FeedConfig,
  limits: InflateLimits,
  count = HEAD_BYTES,
): Promise<TextHead> {
  const packed = headBytes(file, count);
  const gzip = packed[0] === 0x1f && packed[1] === 0x8b;
  if (packed[0] === 0x50 && packed[1] === 0x4b && packed[2] === 3 && packed[3] === 4) {
    throw new UnreadableFile(file.path, "it is a zip archive, not text");
  }
  const plain: TextForm = { gzip, encoding: "utf-8", bomBytes: 0, crOnly: false };
  const first = gzip ? await collect(file, plain, limits, 3) : packed;
  const bom = bomOf(first);
  const configured = feed.options.encoding === null ? null : encodingName(feed.options.encoding);
  const form: TextForm = {
    gzip,
    encoding: bom?.encoding ?? configured ?? "utf-8",
    bomBytes: bom?.bytes ?? 0,
    crOnly: false,
  };
  const asItLies = !gzip && form.encoding === "utf-8";
  const bytes = asItLies ? packed.subarray(form.bomBytes) : await collect(file, form, limits, count);
  const crOnly = bytes.includes(13) && !bytes.includes(10) && bytes.length > bytes.indexOf(13) + 1;
  return {
    form: { ...form, crOnly },
    bytes: crOnly ? Buffer.from(bytes.toString("latin1").replaceAll("\r", "\n"), "latin1") : bytes,
    complete: asItLies ? packed.length < count : bytes.length < count,
  };
}

async function collect(
  file: PlannedFile,
  form: TextForm,
  limits: InflateLimits,
  count: number,
): Promise<Buffer> {
  const blocks: Uint8Array[] = [];
  let total = 0;
  for await (const block of textBlocks(file, form, limits, () => undefined)) {
    blocks.push(Buffer.from(block));
    total += block.length;
    if (total >= count) break;
  }
  return Buffer.concat(blocks);
}
