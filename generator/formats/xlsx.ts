import { writeFileSync } from "node:fs";
import * as xlsx from "xlsx";
import { drafts, finish, type Generation, tell } from "../content.js";
import type { Column } from "../model.js";
import type { FilePlan } from "../plan.js";
import { seededRandom } from "../random.js";
import { fileAccount } from "../truth.js";

const NOT_AVAILABLE: xlsx.CellObject = { t: "e", v: 42 };

/** A workbook with a title above its header, typed cells and dates as dates. */
export function writeWorkbook(plan: FilePlan, file: string, generation: Generation): void {
  const { columns } = plan.model;
  const account = fileAccount(plan.path, plan.model, generation.truth);
  const rows: (xlsx.CellObject | null)[][] = [];
  let records = 0;
  for (const draft of drafts(plan, generation, seededRandom(generation.shop.seed, plan.number))) {
    records += 1;
    tell(account, draft, records, null);
    rows.push(columns.map((column, at) => cellOf(draft.cells[at] ?? null, column, draft.fault !== null)));
  }
  const title = [[{ t: "s", v: "Product catalogue" }], []] as xlsx.CellObject[][];
  const header = columns.map((column): xlsx.CellObject => ({ t: "s", v: column.name }));
  const sheet = xlsx.utils.aoa_to_sheet([...title, header, ...rows]);
  sheet["!merges"] = [{ s: { r: 0, c: 0 }, e: { r: 0, c: columns.length - 1 } }];
  const book: xlsx.WorkBook = { SheetNames: ["Catalogue"], Sheets: { Catalogue: sheet } };
  writeFileSync(file, xlsx.write(book, { type: "buffer", bookType: "xlsx", compression: true }));
  finish(generation, account, plan, { records, lines: null, headerLines: 0, blankLines: 0 });
}

function cellOf(text: string | null, column: Column, bad: boolean): xlsx.CellObject | null {
  if (text === null) return null;
  if (bad && text === "NaN") return NOT_AVAILABLE;
  const number = Number(text);
  if (/^(integer|number|decimal)$/.test(column.type) && /^-?[0-9]+(\.[0-9]+)?$/.test(text) && number < 1e15)
    return { t: "n", v: number };
  if (column.type === "boolean" && (text === "true" || text === "false"))
    return { t: "b", v: text === "true" };
  if (column.type === "time" && !bad) return { t: "d", v: new Date(text), z: "yyyy-mm-dd hh:mm:ss" };
  return { t: "s", v: text };
}
