import { rmSync } from "node:fs";
import type { WrittenFile } from "../../engines/engine.js";
import { ident } from "../../engines/quote.js";
import type { OrdinalList } from "../ordinals.js";
import { emptyTally, type RecordSink } from "../record-stream.js";
import { feedQuery } from "./fifo.js";
import { acceptedColumns, type SampledRecord } from "./first-look.js";
import { MetaRows } from "./meta-rows.js";
import { perFile } from "./per-file.js";
import { M_FILE, quarantineSelect } from "./quarantine-select.js";
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
  const pipe = session.pipes.next();
  const table = "second_look";
  const sampler = createSampler<SampledRecord>(
    sampleSize,
    `${session.run} ${files[0]?.prepared.file.path} 2`,
  );
  const rows = new MetaRows(shape);
  let drawn = 0;
  const feed = async (write: (blocks: readonly Uint8Array[]) => Promise<void>): Promise<void> => {
    for (const file of files) {
      const { tally, start } = file;
      let next = failed.firstFrom(start);
      const isOwn = (ordinal: number): boolean => ordinal < start + tally.wellFormed;
      if (!isOwn(failed.at(next)) && tally.malformed === 0) continue;
      const again = emptyTally();
      const sink: RecordSink = {
        wanted: failed.at(next) - start,
        clean: () => undefined,
        take: (taken) => {
          rows.push(file.index, taken);
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
        malformed: (record) => rows.push(file.index, record),
      };
      await file.prepared.read(sink, again, () => write([rows.take()]), tally.special);
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
    carry: [
      ...META.map(ident),
      '"_rescued"',
      ...(shape.format === "json" ? ['"c0" as "_text"', '"_valid"'] : []),
    ],
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
  const passes = `"_m_fault" is null and "_valid" and ${judge.accepted}`;
  const path = perFile(files, (file) => file.path, M_FILE);
  const accepted = await copyOrNothing(
    session,
    `select ${acceptedColumns(session, path, 'cast("_m_record" as bigint)')} from ${table} where ${passes}`,
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
