import { literal } from "../engines/quote.js";
import type { FeedOptions } from "../lib/config-types.js";
import { GristmillError } from "../lib/errors.js";
import { instant, zoned } from "./instants.js";

/** What each directive of a date format may read; strptime itself is more generous. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  Y: "[0-9]{4}",
  y: "[0-9]{2}",
  m: "[0-9]{1,2}",
  d: "[0-9]{1,2}",
  H: "[0-9]{1,2}",
  I: "[0-9]{1,2}",
  M: "[0-9]{1,2}",
  S: "[0-9]{1,2}",
  f: "[0-9]{1,6}",
  p: "[AaPp][Mm]",
  b: "[A-Za-z]{3}",
  B: "[A-Za-z]{3,9}",
  z: "[+-][0-9]{2}:?[0-9]{2}",
  "%": "%",
};

export interface DateFormat {
  readonly format: string;
  /** RE2 pattern of the whole text. */
  readonly pattern: string;
  readonly hasZone: boolean;
}

/** A feed's date format, checked: each text that it reads is one that the directives spell. */
export function dateFormat(format: string): DateFormat {
  let pattern = "";
  let engineFormat = "";
  const used = new Set<string>();
  const characters = [...format];
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? "";
    if (character !== "%") {
      pattern += `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`;
      engineFormat += character;
      continue;
    }
    index += characters[index + 1] === "-" ? 2 : 1;
    const directive = characters[index] ?? "";
    const reads = DIRECTIVES[directive];
    if (reads === undefined) {
      throw new GristmillError(
        "bad_configuration",
        `pipeline_config.yaml: date format ${JSON.stringify(format)}: %${directive} is not supported; known are ${Object.keys(DIRECTIVES).join(" ")}`,
      );
    }
    used.add(directive);
    pattern += reads;
    engineFormat += `%${directive}`;
  }
  const has = (...any: readonly string[]) => any.some((directive) => used.has(directive));
  if (!has("Y", "y") || !has("m", "b", "B") || !has("d")) {
    throw new GristmillError(
      "bad_configuration",
      `pipeline_config.yaml: date format ${JSON.stringify(format)} must have year, month and day`,
    );
  }
  return { format: engineFormat, pattern, hasZone: used.has("z") };
}

/** Cases that read a trimmed text by the feed's formats, in their order. */
export function dateFormatCasts(
  dialect: FeedOptions,
  trimmed: string,
  kind: "date" | "time",
): readonly (readonly [when: string, then: string])[] {
  // a day has no zone: formats with one are for times
  const formats = dialect.date_formats.map(dateFormat).filter(({ hasZone }) => kind === "time" || !hasZone);
  return formats.map(({ format, pattern, hasZone }) => {
    const parsed = `try_strptime(${trimmed}, ${literal(format)})`;
    const local = `${parsed}::timestamp`;
    const fits = `regexp_full_match(${trimmed}, ${literal(pattern)}) and ${parsed} is not null`;
    if (kind === "date") return [fits, `${parsed}::date`] as const;
    return [fits, hasZone ? instant(local) : zoned(local, dialect.timezone)] as const;
  });
}
