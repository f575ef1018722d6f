import type { RecordSink, Scanner, Tally } from "../record-stream.js";
import type { LineBlock } from "./line-blocks.js";
import { type LineVerdict, lineGuard } from "./line-guard.js";

/** Stands between the columns where the engine reads a JSON document a line: no valid JSON holds it. */
export const JSON_DELIMITER = 1;

/** JSON lines: what no engine may see is set aside here, everything else is judged there. */
export function jsonLinesGuard(path: string, linesBefore: number, sink: RecordSink, tally: Tally): Scanner {
  let looked: LineBlock | null = null;
  let plain = false;
  return lineGuard(
    {
      path,
      linesBefore,
      code: "invalid_json",
      judge: (block, start, end) => {
        if (looked !== block) {
          looked = block;
          plain = isPlain(block.bytes.subarray(0, block.length));
        }
        if (plain) return "as-is";
        const { bytes } = block;
        // The common line holds no control character: one look a line is cheaper than one a byte in JavaScript.
        const text = bytes.subarray(start, end);
        if (text.includes(JSON_DELIMITER) || text.includes(0)) return invalid("it holds a control character");
        if (text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf) return { engine: text.subarray(3) };
        if (text.includes(13)) return withoutReturns(text);
        return "as-is";
      },
    },
    sink,
    tally,
  );
}

/** No byte in a whole block that any line of it would have to be looked at for. */
function isPlain(text: Buffer): boolean {
  return ![JSON_DELIMITER, 0, 13, 0xef].some((byte) => text.includes(byte));
}

/** A carriage return between tokens is a blank; inside a string it makes the text invalid. */
function withoutReturns(text: Buffer): LineVerdict {
  const fault = jsonFault(text.toString());
  return fault === null ? { engine: Buffer.from(text.toString().replaceAll("\r", " ")) } : invalid(fault);
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
