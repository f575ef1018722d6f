import {
  type BadValue,
  type Cells,
  type Column,
  columnIndex,
  type ExpectedReason,
  type SourceModel,
} from "./model.js";
import type { Random } from "./random.js";

/** Marks where a byte sequence that is no UTF-8 goes; replaced when text becomes bytes. */
export const BAD_BYTES = "\ue000";
/** Starts a cell that JSON must take over as it stands. */
export const RAW_JSON = "\ue001";

/** One way to spoil a record. `spoil` changes values before they are written, `breakFields` and `breakText` afterwards. */
export interface Fault {
  readonly kind: string;
  readonly reasons: readonly ExpectedReason[];
  /** Neighbouring records that carry the same fault. */
  readonly records: number;
  readonly strayQuote: boolean;
  /** True when any careful reader sees it: no quotes, bytes or texts that engines take for values. */
  readonly plain: boolean;
  readonly spoil: ((cells: Cells) => void) | null;
  /** CSV: the fields as written. */
  readonly breakFields: ((fields: string[], random: Random) => void) | null;
  /** JSON and text: the record as written. */
  readonly breakText: ((text: string, random: Random) => string) | null;
}

export type FaultFormat = "csv" | "xlsx" | "array" | "lines" | "text";

/** Every fault that a file of this source and format can have. */
export function faultsOf(model: SourceModel, format: FaultFormat): readonly Fault[] {
  const values =
    format === "text" ? model.badValues.map((bad) => valueFault(model, [bad])) : valueFaults(model, format);
  const records = model.badRecords.map((bad) =>
    fault(bad.kind, bad.reasons, { plain: true, spoil: (cells) => bad.spoil(cells) }),
  );
  return [...values, ...records, ...textFaults(model, format)];
}

const wrongTexts: Readonly<Record<Column["type"], readonly string[]>> = {
  string: [],
  integer: ["abc", "2.7", "0x1F", "1_000", "9223372036854775808"],
  number: ["abc", "NaN", "inf", "1.2.3", "$5", "1e999"],
  decimal: ["abc", "12.34567", "1e3", "99999999999999999.00", "€12"],
  boolean: ["maybe", "2", "tru"],
  time: ["yesterday", "2026-02-30 10:00:00", "2026-01-05T25:00:00Z", "infinity", "2026-01-05 10:00:60"],
  date: ["2026-13-01", "01/05/2026", "soon"],
};

const plainTexts: ReadonlySet<string> = new Set(
  Object.values(wrongTexts).flatMap((texts) => texts.slice(0, 1)),
);

function valueFaults(model: SourceModel, format: FaultFormat): readonly Fault[] {
  const faults: Fault[] = [];
  const wrong: BadValue[] = [];
  for (const column of model.columns) {
    if (column.required)
      faults.push(
        fault("missing_required", [{ code: "missing_required", column: column.name }], {
          plain: true,
          spoil: (cells) => {
            cells[columnIndex(model.columns, column.name)] = null;
          },
        }),
      );
    for (const text of wrongTexts[column.type]) wrong.push({ column: column.name, text, code: "wrong_type" });
  }
  if (format === "array" || format === "lines")
    for (const [at, column] of model.columns.entries())
      wrong.push({
        column: column.name,
        text: `${RAW_JSON}${at % 2 === 0 ? "[1]" : '{"a":1}'}`,
        code: "wrong_type",
      });
  for (const bad of [...model.badValues, ...wrong]) faults.push(valueFault(model, [bad]));
  // several reasons in one record: every one of them must be told
  for (const [at, bad] of model.badValues.entries()) {
    const other = wrong.find((w, index) => index >= at && w.column !== bad.column);
    if (other !== undefined) faults.push(valueFault(model, [bad, other]));
  }
  return faults;
}

function valueFault(model: SourceModel, bad: readonly BadValue[]): Fault {
  return fault(
    bad.map((b) => b.code).join("+"),
    bad.map(({ code, column }) => ({ code, column })),
    {
      plain: bad.every(({ code, text }) => code !== "wrong_type" || plainTexts.has(text)),
      spoil: (cells) => {
        for (const { column, text } of bad) cells[columnIndex(model.columns, column)] = text;
      },
    },
  );
}

function textFaults(model: SourceModel, format: FaultFormat): readonly Fault[] {
  switch (format) {
    case "xlsx":
      return [];
    case "csv":
      return csvFaults(model);
    case "text":
      return [
        ...["java.lang.NullPointerException: cart", "\tat shop.Cart.add(Cart.java:42)", "-- rotated --"].map(
          (line) => malformed("no_match", { plain: true, breakText: () => line }),
        ),
        malformed("cut_line", { breakText: (text) => text.slice(0, Math.floor(text.length * 0.5)) }),
        malformed("nul", { breakText: (text) => `${text.slice(0, -12)}\0${text.slice(-12)}` }),
        encoding({ breakText: (text) => `${text.slice(0, -12)}${BAD_BYTES}${text.slice(-12)}` }),
      ];
    case "array":
    case "lines":
      return jsonFaults(format);
  }
}

function csvFaults(model: SourceModel): readonly Fault[] {
  const edit = (change: (text: string) => string) => (fields: string[], random: Random) => {
    const at = columnIndex(model.columns, random.pick(model.textColumns));
    fields[at] = change(fields[at] as string);
  };
  const stray = { breakFields: edit((text) => `"${text}`), strayQuote: true };
  return [
    malformed("stray_quote", stray),
    malformed("neighbouring_stray_quotes", { ...stray, records: 2 }),
    malformed("text_after_quote", { breakFields: edit((text) => `"${text}"x`), strayQuote: true }),
    malformed("nul", { breakFields: edit((text) => `${text}\0`) }),
    encoding({ breakFields: edit((text) => `${text}${BAD_BYTES}`) }),
    malformed("too_few_columns", {
      plain: true,
      breakFields: (fields, random) => {
        fields.length = 2 + random.below(fields.length - 2);
      },
    }),
    malformed("too_many_columns", {
      plain: true,
      breakFields: (fields, random) => {
        for (let more = 1 + random.below(3); more > 0; more -= 1) fields.push("more");
      },
    }),
  ];
}

function jsonFaults(format: "array" | "lines"): readonly Fault[] {
  const invalid = (kind: string, breakText: (text: string) => string): Fault =>
    fault(kind, [{ code: "invalid_json", column: null }], { breakText });
  const faults = [
    invalid("not_a_number", (text) => text.replace(/:[^,]+,/, ":NaN,")),
    invalid("trailing_comma", (text) => `${text.slice(0, -1)},}`),
    invalid("missing_value", (text) => text.replace(/:[^,]+,/, ":,")),
    invalid("bare_key", (text) => text.replace(/"([a-z_]+)":/, "$1:")),
    invalid("bare_array", () => "[1, 2]"),
    invalid("bare_text", () => '"lost"'),
    invalid("bare_number", () => "42"),
    encoding({ breakText: (text) => text.replace('":"', `":"${BAD_BYTES}`) }),
  ];
  return format === "lines"
    ? [...faults, invalid("cut_object", (text) => text.slice(0, Math.floor(text.length * 0.6)))]
    : faults;
}

type FaultParts = Partial<Omit<Fault, "kind" | "reasons">>;

function fault(kind: string, reasons: readonly ExpectedReason[], parts: FaultParts): Fault {
  return {
    kind,
    reasons,
    records: 1,
    strayQuote: false,
    plain: false,
    spoil: null,
    breakFields: null,
    breakText: null,
    ...parts,
  };
}

const malformed = (kind: string, parts: FaultParts): Fault =>
  fault(kind, [{ code: "malformed_row", column: null }], parts);
const encoding = (parts: FaultParts): Fault =>
  fault("bad_bytes", [{ code: "invalid_encoding", column: null }], parts);
