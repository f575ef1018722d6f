import { RAW_JSON } from "../faults.js";
import type { Column } from "../model.js";
import type { Encoder } from "./encoder.js";

const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;

/** JSON lines, or one array of objects; now and then with a doubled key, of which the first value counts. */
export function jsonEncoder(columns: readonly Column[], array: boolean, doubledKeys: boolean): Encoder {
  const keys = columns.map((column) => `${JSON.stringify(column.name)}:`);
  const bare = columns.map((column) => column.type !== "string");
  const value = (text: string, at: number): string => {
    if (text.startsWith(RAW_JSON)) return text.slice(RAW_JSON.length);
    if (bare[at] && (NUMBER.test(text) || text === "true" || text === "false")) return text;
    return JSON.stringify(text);
  };
  return {
    header: array ? "[\n" : "",
    headerLines: 0,
    separator: array ? ",\n" : "\n",
    footer: array ? "\n]\n" : "\n",
    hasLines: !array,
    blankLines: !array,
    encoding: "utf8",
    encode: (cells, fault, random) => {
      let text = "{";
      for (let at = 0; at < cells.length; at += 1) {
        const cell = cells[at];
        // absent and null are the same by contract: both occur
        if (cell === null || cell === undefined) {
          if (at % 2 === 0) text += `${text.length > 1 ? "," : ""}${keys[at]}null`;
          continue;
        }
        text += `${text.length > 1 ? "," : ""}${keys[at]}${value(cell, at)}`;
      }
      if (doubledKeys && fault === null && random.chance(0.002)) text += `,${keys[0]}"again"`;
      text += "}";
      return fault?.breakText?.(text, random) ?? text;
    },
  };
}
