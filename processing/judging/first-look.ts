import { rmSync } from "node:fs";
import { observed } from "../../engines/duckdb-observer.js";
import type { WrittenFile } from "../../engines/engine.js";
import { constant, ident } from "../../engines/quote.js";
import { OrdinalList } from "../ordinals.js";
import type { MalformedRecord, TakenRecord } from "../record-stream.js";
import { feedQuery } from "./fifo.js";
import { perFile } from "./per-file.js";
import { leadOf, relationOf } from "./relation.js";
import { createSampler } from "./sampler.js";
import { HANDED_OFF, type Session } from "./session.js";
import { fileFinder, recordFinder, type StreamFile } from "./stream-files.js";

/** A record kept for the oracle. */
export interface SampledRecord {
  /** In the stream. */
  readonly ordinal: number;
  readonly file: StreamFile;
  readonly record: number;
  readonly engine: Buffer;
}

export interface FirstLook {
  /** Accepted Parquet, null when no record was accepted. */
  readonly written: WrittenFile | null;
  /** Ordinals, in the stream, of well-formed records that were not accepted. */
  readonly failed: OrdinalList;
  readonly wellFormed: number;
  readonly sampled: readonly SampledRecord[];
}

/** One scan of a stream: accepted records become Parquet, the others are noted by their ordinal. */
export async function firstLook(
  session: Session,
  files: readonly StreamFile[],
  sampleSize: number,
): Promise<FirstLook> {
  const shape = files[0]?.prepared.shape;
  if (shape === undefined) throw new Error("a stream without files cannot be judged");
  for (const file of files) file.start = file.index === 0 ? 0 : -1;
  const fileOf = fileFinder(files);
  const failed = new OrdinalList();
  session.observer.listener = {
    failed: (ordinal) => failed.push(ordinal),
    fileOf: fileFinder(files),
    recordOf: recordFinder(files, fileOf),
  };
  const sampler = createSampler<SampledRecord>(sampleSize, `${session.run} ${files[0]?.prepared.file.path}`);
  const pipe = session.pipes.next();
  const target = `${session.nextName("accepted")}.parquet`;
  const select = acceptedSelect(session, files, pipe);
  session.profile.scans++;
  const written = await feedQuery(
    pipe,
    () => session.engine.copy(select, { to: target, ...HANDED_OFF }),
    async (write) => {
      for (const file of files) {
        const { tally } = file;
        if (file.index > 0) {
          const before = files[file.index - 1] as StreamFile;
          file.start = before.start + before.tally.wellFormed;
        }
        let blocks: Uint8Array[] = file.index === 0 ? [leadOf(shape)] : [];
        const sink = {
          wanted: sampler.next - file.start,
          clean: (bytes: Uint8Array) => {
            blocks.push(bytes);
          },
          take: (taken: TakenRecord) => {
            const ordinal = file.start + taken.ordinal;
            sampler.keep({ ordinal, file, record: taken.record, engine: Buffer.from(taken.engine) });
            sink.wanted = sampler.next - file.start;
          },
          malformed: (_record: MalformedRecord) => {
            if (session.numbered) file.gaps.push(tally.wellFormed);
          },
        };
        await file.prepared.read(sink, tally, async () => {
          await write(blocks);
          blocks = [];
        });
        session.profile.bytesRead += tally.bytes;
      }
    },
  );
  session.observer.listener = null;
  const wellFormed = files.reduce((sum, file) => sum + file.tally.wellFormed, 0);
  const file = written[0];
  const rows = file?.rows ?? 0;
  if (rows !== wellFormed - failed.length) {
    throw new Error(
      `${rows} records were written and ${failed.length} failed where the guard counted ${wellFormed}`,
    );
  }
  if (rows === 0) rmSync(target, { force: true });
  return {
    written: rows === 0 || file === undefined ? null : file,
    failed,
    wellFormed,
    sampled: sampler.items.filter((item) => !failed.has(item.ordinal)),
  };
}

function acceptedSelect(session: Session, files: readonly StreamFile[], pipe: string): string {
  const first = files[0] as StreamFile;
  const { shape } = first.prepared;
  const relation = relationOf(shape, session.feed, session.canonical, pipe, "first");
  const json = shape.format === "json";
  const judge = session.contract.judge({
    from: relation.from,
    format: shape.format,
    bindings: relation.bindings,
    ...(relation.shapes === undefined ? {} : { shapes: relation.shapes }),
    ...(relation.typed === undefined ? {} : { typed: relation.typed }),
    dialect: session.feed.options,
    emptyIsNull: !hasEmptyConstant(session),
    carry: ['"_n"', '"_rescued"', ...(json ? ['"_valid"'] : [])],
    unknown: '"_rescued" is not null',
  });
  const number = 'cast("_n" as integer)';
  const path = perFile(files, (file) => file.path, `file_of(${number})`);
  const accepted = json ? `("_valid" and ${judge.accepted})` : `(${judge.accepted})`;
  return `select ${acceptedColumns(session, path, `cast(record_of(${number}) as bigint)`)}
    from (${judge.select}) where ${observed(accepted, number)}`;
}

/** The reader's fields are null where they are empty; a constant need not be. */
function hasEmptyConstant({ feed }: Session): boolean {
  return Object.values(feed.constants).includes("");
}

/** The columns of accepted Parquet, in order. */
export function acceptedColumns(session: Session, path: string, record: string): string {
  return [
    ...session.canonical.map(ident),
    `${path} as "_file"`,
    `${constant(session.run)} as "_run"`,
    '"_rescued"',
    '"_warnings"',
    ...(session.numbered ? [`${record} as "_record"`] : []),
  ].join(", ");
}
