import { constant } from "../../engines/quote.js";
import type { StreamShape } from "../prepared-file.js";
import { BINARY, FAULT_FIELDS, FAULT_SEPARATOR } from "./meta-rows.js";
import { perFile, textPerFile } from "./per-file.js";
import type { Session } from "./session.js";
import type { StreamFile } from "./stream-files.js";

/** Index of the file that a row behind META columns is of. */
export const M_FILE = 'cast("_m_file" as integer)';

/** SELECT of the columns of the quarantine table but judged_at and replayed_by, from judged rows behind META columns. */
export function quarantineSelect(
  session: Session,
  files: readonly StreamFile[],
  shape: StreamShape,
  reasons: string,
  from: string,
  where: string,
): string {
  const json = shape.format === "json";
  const own = `{${FAULT_FIELDS.map((name) => `'${name}': "_fault"['${name}']`).join(", ")}}`;
  const invalid = `{'code': 'invalid_json', 'column': cast(null as varchar), 'rule': 'json', 'value': cast(null as varchar), 'message': 'it is no JSON object'}`;
  const judged = json
    ? `case when "_fault" is not null then [${own}] when not "_valid" then [${invalid}] else "_found" end`
    : `case when "_fault"['column'] is not null then list_append("_found", ${own}) when "_fault" is not null then [${own}] else "_found" end`;
  const identity = textPerFile(files, ({ path, sha256 }) => `${path}\u001f${sha256}\u001f`, M_FILE);
  return `select left(sha256(${identity} || "_m_record" || chr(31) || coalesce("_raw", "_m_hex")), 32) as "id",
      ${constant(session.run)} as "run", ${constant(session.source)} as "source", ${constant(session.feed.name)} as "feed",
      ${perFile(files, ({ file }) => file, M_FILE)} as "file", ${perFile(files, ({ path }) => path, M_FILE)} as "path",
      ${perFile(files, ({ sha256 }) => sha256, M_FILE)} as "sha256",
      cast("_m_record" as bigint) as "record", cast("_m_line" as bigint) as "line", ${judged} as "reasons",
      ${constant("error")} as "severity", "_raw" as "raw", "_raw_bytes" as "raw_bytes"
    from (select *, case when "_fault" is null or "_fault"['column'] is not null then ${reasons} end as "_found",
        case when "_binary" then null when "_m_hex" is not null then decode(unhex("_m_hex"))
          else coalesce(${json ? '"_text"' : '"_m_raw"'}, '') end as "_raw",
        case when "_binary" then unhex("_m_hex") end as "_raw_bytes"
      from (select *, coalesce(suffix("_m_fault", '${BINARY}'), false) as "_binary", ${faultStruct()} as "_fault"
        from (${from})))
    where ${where}`;
}

/** What the guard said, as a struct; null where it said nothing. */
function faultStruct(): string {
  const fields = FAULT_FIELDS.map(
    (name, index) =>
      `'${name}': nullif(decode(unhex(split_part("_m_fault", '${FAULT_SEPARATOR}', ${index + 1}))), '')`,
  );
  return `case when "_m_fault" is not null then {${fields.join(", ")}} end`;
}
