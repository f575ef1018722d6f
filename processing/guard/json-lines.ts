import type { RecordSink, Scanner, Tally } from "../record-stream.js";
import { CR, isBlank } from "./csv-dialect.js";
import { type JsonKey, jsonWalker, UNSURE } from "./json-walk.js";
import { type LineVerdict, lineGuard } from "./line-guard.js";

/** Stands between the columns where the engine reads a JSON document a line: no valid JSON holds it. */
export const JSON_DELIMITER = 1;

/** JSON lines: what no engine may see is set aside here; what is not known to be a plain record, the engine judges. */
export function jsonLinesGuard(
  path: string,
  linesBefore: number,
  keys: readonly JsonKey[],
  sink: RecordSink,
  tally: Tally,
): Scanner {
  const walker = jsonWalker(keys);
  return lineGuard(
    {
      path,
      linesBefore,
      code: "invalid_json",
      judge: ({ bytes }, start, end) => {
        const walked = walker.walk(bytes, start, end);
        if (walked >= 0 && !walker.newlines && isBlank(bytes, walked, end)) return "as-is";
        return unsure(bytes.subarray(start, end));
      },
    },
    sink,
    tally,
  );
}

function unsure(text: Buffer): LineVerdict {
  if (text.includes(JSON_DELIMITER) || text.includes(0)) return invalid("it holds a control character");
  const own = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? text.subarray(3) : text;
  if (!own.includes(CR)) return { engine: Buffer.concat([UNSURE, own]) };
  // A carriage return between tokens is a blank; inside a string it makes the text invalid.
  const fault = jsonFault(own.toString());
  if (fault !== null) return invalid(fault);
  return { engine: Buffer.concat([UNSURE, Buffer.from(own.toString().replaceAll("\r", " "))]) };
}

function invalid(reason: string): LineVerdict {
  return { code: "invalid_json", rule: "json", message: reason };
}

/** Why a text is no JSON object by RFC 8259, or null. */
export function jsonFault(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return null;
    return "it is no JSON object";
  } catch (error) {
    return error instanceof Error ? error.message.replace(/, ".*$/s, "") : String(error);
  }
}
