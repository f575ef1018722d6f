import { describe, expect, test } from "vitest";
import { threeColumns, work } from "./work-harness.js";

const HEADER = "id,name,amount";
const BAD_EVERY = 1000;
const BAD = 10;

interface Kind {
  /** The bad line, or its bytes. */
  readonly bad: (n: number) => string | Buffer;
  readonly rule: string;
  readonly code?: string;
  /** A good record put before each bad one, and its physical lines. */
  readonly beside?: { readonly text: string; readonly lines: number };
  readonly last?: boolean;
}

/** 10,000 good records of one line, and 10 bad ones among them: which lines are they on? */
function build(kind: Kind): {
  readonly bytes: Buffer;
  readonly lines: readonly number[];
  readonly raw: readonly Buffer[];
} {
  const parts: Buffer[] = [Buffer.from(`${HEADER}\n`)];
  const lines: number[] = [];
  const raw: Buffer[] = [];
  let line = 1;
  const put = (text: string | Buffer, height = 1): void => {
    parts.push(Buffer.from(text as string), Buffer.from("\n"));
    line += height;
  };
  for (let n = 0; n < BAD * BAD_EVERY; n++) {
    put(`${n},name ${n},${n % 7}`);
    if (n % BAD_EVERY !== BAD_EVERY - 1) continue;
    if (kind.beside !== undefined) put(kind.beside.text, kind.beside.lines);
    const bad = Buffer.from(kind.bad(n) as string);
    lines.push(line + 1);
    raw.push(bad);
    put(bad);
  }
  const bytes = Buffer.concat(parts);
  return { bytes: kind.last === true ? bytes.subarray(0, -1) : bytes, lines, raw };
}

const latin = (n: number): Buffer =>
  Buffer.concat([Buffer.from(`x${n},caf`), Buffer.from([0xe9]), Buffer.from(",1")]);
const kinds: Readonly<Record<string, Kind>> = {
  "an opening quote": { bad: (n) => `x${n},"open,1`, rule: "stray_quote" },
  "an opening quote in the last field": { bad: (n) => `x${n},open,"1`, rule: "stray_quote" },
  "text behind a closing quote": { bad: (n) => `x${n},"a"b,1`, rule: "stray_quote" },
  "an opening quote beside a record over lines": {
    bad: (n) => `x${n},"open,1`,
    rule: "stray_quote",
    beside: { text: 'm,"first\nsecond, and\nthird",3', lines: 3 },
  },
  "an opening quote beside inch signs": {
    bad: (n) => `x${n},"open,1`,
    rule: "stray_quote",
    beside: { text: 'm,27" TV,3', lines: 1 },
  },
  "an opening quote, also on the last line without its end": {
    bad: (n) => `x${n},"open,1`,
    rule: "stray_quote",
    last: true,
  },
  "too many columns": { bad: (n) => `x${n},a,1,2`, rule: "column_count" },
  "too few columns": { bad: (n) => `x${n},a`, rule: "column_count" },
  NUL: { bad: (n) => `x${n},a\0b,1`, rule: "nul_byte" },
  "bad UTF-8": { bad: latin, rule: "encoding", code: "invalid_encoding" },
};

describe("10 bad lines among 10,000 good records", () => {
  test.each(Object.entries(kinds))("%s", async (_, kind) => {
    const { bytes, lines, raw } = build(kind);
    const { file, quarantined, verdicts } = await work({ files: { "a.csv": bytes }, schema: threeColumns });
    const beside = kind.beside === undefined ? 0 : BAD;
    expect(file).toMatchObject({
      outcome: "judged",
      message: null,
      accepted: 10_000 + beside,
      quarantined: BAD,
    });
    expect(quarantined.map((row) => Number(row["line"]))).toEqual(lines);
    expect(verdicts.map((verdict) => verdict.split(" ").slice(1).join(" "))).toEqual(
      lines.map(() => `${kind.code ?? "malformed_row"} ${kind.rule}`),
    );
    const kept = quarantined.map((row) => Buffer.from((row["raw"] ?? row["raw_bytes"]) as string));
    expect(kept).toEqual(raw);
    expect(quarantined.every((row) => (row["raw"] === null) === (kind.rule === "encoding"))).toBe(true);
    expect(new Set(quarantined.map((row) => row["id"])).size).toBe(BAD);
    expect(file.oracle.disagreements).toBe(0);
    expect(file.stray_quotes).toBe(kind.rule === "stray_quote" ? BAD : 0);
  });

  test("strays on two neighbouring lines", async () => {
    const { bytes, lines } = build({ bad: (n) => `x${n},"open,1\ny${n},"too,1`, rule: "stray_quote" });
    const { file, quarantined } = await work({ files: { "a.csv": bytes }, schema: threeColumns });
    expect(file).toMatchObject({ outcome: "judged", accepted: 10_000, quarantined: 20 });
    expect(quarantined).toHaveLength(20);
    expect(lines).toHaveLength(10);
  });
});
