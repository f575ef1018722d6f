import { extname } from "node:path";
import type { InputFormat } from "../../lib/config-types.js";
import type { PlannedFile } from "../../lib/run-types.js";
import { UnreadableFile } from "../guard/unreadable.js";
import type { Preflight, ReadContext } from "../prepared-file.js";
import { headBytes } from "./byte-source.js";
import { prepareCsv } from "./csv.js";
import { prepareJson } from "./json.js";

const BY_EXTENSION: Readonly<Record<string, InputFormat>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".json": "json",
  ".ndjson": "json",
  ".jsonl": "json",
  ".log": "text",
  ".xlsx": "xlsx",
};

/** The feed's format, else what the name says; null = neither says it. */
export function formatOf(
  file: Pick<PlannedFile, "file">,
  context: Pick<ReadContext, "feed">,
): InputFormat | null {
  const name = file.file.toLowerCase().replace(/\.gz$/, "");
  return context.feed.format ?? BY_EXTENSION[extname(name)] ?? null;
}

/** The file read by its format, or by the source's usual one; a reader is loaded when it is needed. */
export async function prepareByFormat(
  file: PlannedFile,
  context: ReadContext,
  usual: InputFormat,
): Promise<Preflight> {
  switch (formatOf(file, context) ?? usual) {
    case "csv":
      return prepareCsv(file, context);
    case "json":
      return prepareJson(file, context);
    case "text":
      return (await import("./text.js")).prepareText(file, context);
    case "xlsx": {
      assertWorkbook(file);
      return (await import("./xlsx.js")).prepareXlsx(file, context);
    }
  }
}

/** A workbook is a zip archive; HTML or CSV under its name is not. */
function assertWorkbook(file: PlannedFile): void {
  const head = headBytes(file, 64);
  if (head.length > 0 && !(head[0] === 0x50 && head[1] === 0x4b)) {
    const start = head
      .toString("latin1")
      .trimStart()
      .slice(0, 20)
      .replaceAll(/[^\x20-\x7e]/g, "?");
    throw new UnreadableFile(file.path, `it is no XLSX workbook: it begins with ${JSON.stringify(start)}`);
  }
}
