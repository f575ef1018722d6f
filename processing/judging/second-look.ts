import { isUtf8 } from "node:buffer";
import { rmSync } from "node:fs";
import type { WrittenFile } from "../../engines/engine.js";
import { ident, literal } from "../../engines/quote.js";
import { jsonFault } from "../guard/json-lines.js";
import type { OrdinalList } from "../ordinals.js";
import type { StreamShape } from "../prepared-file.js";
import { emptyTally, type MalformedRecord, type RecordSink, type TakenRecord } from "../record-stream.js";
import { feedQuery } from "./fifo.js";
import { acceptedColumns, type SampledRecord } from "./first-look.js";
import { META, relationOf } from "./relation.js";
import { createSampler } from "./sampler.js";
import { HANDED_OFF, type Session } from "./session.js";
import type { StreamFile } from "./stream-files.js";

export interface SecondLook {
  readonly quarantined: WrittenFile | null;
  /** Records that only a second look can accept (JSON that merely looked lax). */
  readonly accepted: WrittenFile | null;
  readonly sampled: readonly SampledRecord[];
}

const NEWLINE = Buffer.from("\n");

/**
 * Reads again the files that hold failed or malformed records, and lets the engine see only those, behind their
 * number, line and raw text: they become quarantine rows with all reasons.
 */
export async function secondLook(
  session: Session,
  files: readonly StreamFile[],
  failed: OrdinalList,
  sampleSize: number,
): Promise<SecondLook> {
  const shape = (files[0] as StreamFile).prepared.shape;
  const pipe = session.nextName("pipe");
  const table = "second_look";
  const sampler = createSampler<SampledRecord>(
    sampleSize,
    `${session.run} ${files[0]?.prepared.file.path} 2`,
  );
  let drawn = 0;
  const feed = async (write: (blocks: readonly Uint8Array[]) => Promise<void>): Promise<void> => {
    for (const file of files) {
      const { tally, start } = file;
      let next = failed.firstFrom(start);
      const isOwn = (ordinal: number): boolean => ordinal < start + tally.wellFormed;
      if (!isOwn(failed.at(next)) && tally.malformed === 0) continue;
      let blocks: Uint8Array[] = [];
      const again = emptyTally();
      const sink: RecordSink = {
        wanted: failed.at(next) - start,
        clean: () => undefined,
        take: (taken) => {
          pushRow(blocks, shape, file, taken);
          if (drawn++ === sampler.next) {
            sampler.keep({
              ordinal: start + taken.ordinal,
              file,
              record: taken.record,
              engine: Buffer.from(taken.engine),
            });
          }
          sink.wanted = failed.at(++next) - start;
        },
        malformed: (record) => pushRow(blocks, shape, file, record),
      };
      await file.prepared.read(
        sink,
        again,
        async () => {
          await write(blocks);
          blocks = [];
        },
        tally.special,
      );
      session.profile.bytesRead += again.bytes;
      if (again.records !== tally.records || again.malformed !== tally.malformed) {
        throw new Error(`${file.prepared.file.path} gave other records when it was read again`);
      }
    }
  };
  session.profile.scans++;
  const relation = relationOf(shape, session.feed, session.canonical, pipe, "second");
  const judge = session.contract.judge({
    from: relation.from,
    format: shape.format,
    bindings: relation.bindings,
    ...(relation.shapes === undefined ? {} : { shapes: relation.shapes }),
    dialect: session.feed.options,
    carry: [...META.map(ident), '"_rescued"', ...(shape.format === "json" ? ['"c0"', '"_valid"'] : [])],
    unknown: '"_rescued" is not null',
  });
  if (shape.format === "text") {
    const target = `${session.nextName("quarantined")}.parquet`;
    const select = quarantineSelect(session, files, shape, judge.reasons, judge.select, "true");
    const written = await feedQuery(
      pipe,
      () => session.engine.copy(select, { to: target, ...HANDED_OFF }),
      feed,
    );
    return { quarantined: written[0] ?? null, accepted: null, sampled: sampler.items };
  }
  // JSON: a record that only looked lax may pass after all, so both outcomes come from one reading.
  await feedQuery(
    pipe,
    () => session.engine.run(`create or replace temp table ${table} as ${judge.select}`),
    feed,
  );
  const passes = `"m_code" is null and "_valid" and ${judge.accepted}`;
  const accepted = await copyOrNothing(
    session,
    `select ${acceptedColumns(session, pathExpression(files), 'cast("m_record" as bigint)')} from ${table} where ${passes}`,
    "accepted",
  );
  const quarantined = await copyOrNothing(
    session,
    quarantineSelect(
      session,
      files,
      shape,
      judge.reasons,
      `select * from ${table}`,
      `not coalesce(${passes}, false)`,
    ),
    "quarantined",
  );
  await session.engine.run(`drop table ${table}`);
  return { quarantined, accepted, sampled: sampler.items };
}

async function copyOrNothing(session: Session, select: string, kind: string): Promise<WrittenFile | null> {
  const target = `${session.nextName(kind)}.parquet`;
  const written = (await session.engine.copy(select, { to: target, ...HANDED_OFF }))[0];
  if (written !== undefined && written.rows > 0) return written;
  rmSync(target, { force: true });
  return null;
}

function pathExpression(files: readonly StreamFile[]): string {
  if (files.length === 1) return literal((files[0] as StreamFile).prepared.file.path);
  return `[${files.map((file) => literal(file.prepared.file.path)).join(", ")}][cast("m_file" as integer) + 1]`;
}

function perFile(files: readonly StreamFile[], value: (file: StreamFile) => string): string {
  if (files.length === 1) return literal(value(files[0] as StreamFile));
  return `[${files.map((file) => literal(value(file))).join(", ")}][cast("m_file" as integer) + 1]`;
}

/** The columns of the quarantine table but judged_at and replayed_by. */
function quarantineSelect(
  session: Session,
  files: readonly StreamFile[],
  shape: StreamShape,
  reasons: string,
  from: string,
  where: string,
): string {
  const sha = perFile(files, (file) => file.prepared.file.sha256);
  const path = perFile(files, (file) => file.prepared.file.path);
  const text = shape.format === "json" ? '"c0"' : '"m_raw"';
  const own = `{'code': "m_code", 'column': "m_column", 'rule': "m_rule", 'value': "m_value", 'message': "m_message"}`;
  const invalid = `{'code': 'invalid_json', 'column': cast(null as varchar), 'rule': 'json', 'value': cast(null as varchar), 'message': 'it is no JSON object'}`;
  const judged =
    shape.format === "json"
      ? `case when "m_code" is not null then [${own}] when not "_valid" then [${invalid}] else ${reasons} end`
      : `case when "m_column" is not null then list_append(${reasons}, ${own}) when "m_code" is not null then [${own}] else ${reasons} end`;
  return `select left(sha256(${path} || chr(31) || ${sha} || chr(31) || "m_record" || chr(31) || coalesce("raw", "m_hex")), 32) as "id",
      ${literal(session.run)} as "run", ${literal(session.source)} as "source", ${literal(session.feed.name)} as "feed",
      ${perFile(files, (file) => file.prepared.file.file)} as "file", ${path} as "path", ${sha} as "sha256",
      cast("m_record" as bigint) as "record", cast("m_line" as bigint) as "line", ${judged} as "reasons",
      'error' as "severity", "raw", "raw_bytes"
    from (select *,
        case when "m_binary" is not null then null when "m_hex" is not null then decode(unhex("m_hex")) else coalesce(${text}, '') end as "raw",
        case when "m_binary" is not null then unhex("m_hex") end as "raw_bytes"
      from (${from}))
    where ${where}`;
}

/** One row for the second look: META columns, then the record as the engine reads it. */
function pushRow(
  blocks: Uint8Array[],
  shape: StreamShape,
  file: StreamFile,
  record: TakenRecord | MalformedRecord,
): void {
  const { dialect } = shape;
  const delimiter = String.fromCharCode(dialect.delimiter);
  const bytes = Buffer.from(record.raw.buffer, record.raw.byteOffset, record.raw.byteLength);
  const malformed = "code" in record;
  const value = malformed ? record.value : undefined;
  const json = shape.format === "json";
  let fault = malformed ? { code: record.code, rule: record.rule, message: record.message } : null;
  if (fault === null && json) {
    const reason = jsonFault(bytes.toString());
    if (reason !== null) fault = { code: "invalid_json", rule: "json", message: reason };
  }
  const binary = malformed && !isUtf8(bytes);
  // Raw text goes by itself where the dialect can quote it or the engine's text is the raw text; else as hex.
  const quotable = dialect.quote >= 0 && !bytes.includes(0) && !binary;
  const same = !malformed && json && sameBytes(record.raw, record.engine);
  const hex = quotable || same ? "" : bytes.toString("hex");
  const quote = (text: string): string => quoted(text, dialect.quote, delimiter);
  const lead = [
    String(file.index),
    String(record.record),
    record.line === null ? "" : String(record.line),
    fault?.code ?? "",
    fault?.rule ?? "",
    fault === null ? "" : quote(fault.message),
    value === undefined ? "" : quote(value.column),
    value === undefined ? "" : quote(value.text),
  ].join(delimiter);
  blocks.push(Buffer.from(lead + delimiter));
  if (quotable) blocks.push(...quotedBytes(bytes, dialect.quote));
  blocks.push(Buffer.from(`${delimiter}${hex}${delimiter}${binary ? "1" : ""}${delimiter}`));
  const fields = malformed ? value?.engine : record.engine;
  blocks.push(fields ?? Buffer.from(delimiter.repeat(shape.width - 1)), NEWLINE);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || Buffer.compare(a, b) === 0;
}

function quoted(text: string, quote: number, delimiter: string): string {
  if (quote < 0) return text.replaceAll(delimiter, " ").replaceAll(/[\r\n\0]/g, " ");
  const mark = String.fromCharCode(quote);
  return mark + text.replaceAll(mark, mark + mark) + mark;
}

function quotedBytes(bytes: Buffer, quote: number): readonly Uint8Array[] {
  const mark = Buffer.from([quote]);
  if (!bytes.includes(quote)) return [mark, bytes, mark];
  const sign = String.fromCharCode(quote);
  return [Buffer.from(sign + bytes.toString().replaceAll(sign, sign + sign) + sign)];
}
