import type { Cells } from "../model.js";
import type { Encoder } from "./encoder.js";

/** Log lines, written by the source's own line function. */
export function textEncoder(line: (cells: Cells) => string): Encoder {
  return {
    header: "",
    headerLines: 0,
    separator: "\n",
    footer: "\n",
    hasLines: true,
    blankLines: false,
    encoding: "utf8",
    encode: (cells, fault, random) => {
      const text = line(cells);
      return fault?.breakText?.(text, random) ?? text;
    },
  };
}
