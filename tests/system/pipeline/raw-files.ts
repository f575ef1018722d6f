import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import * as xlsx from "xlsx";
import { zipFile } from "../../processing/discovery/zip-file.js";

/** good: passes · loose: only the rule that is loosened later stops it · both: that and another · other: another alone. */
export type Kind = "good" | "loose" | "both" | "other";

/** So many records of each kind, in an order that mixes them. */
export function mixed(counts: Readonly<Record<Kind, number>>): readonly Kind[] {
  const left = { ...counts };
  const kinds: Kind[] = [];
  while (Object.values(left).some((n) => n > 0))
    for (const kind of ["other", "good", "loose", "both"] as const)
      if (left[kind] > 0) {
        left[kind] -= 1;
        kinds.push(kind);
      }
  return kinds;
}

const isLoose = (kind: Kind): boolean => kind === "loose" || kind === "both";
const isOther = (kind: Kind): boolean => kind === "other" || kind === "both";

/** An access log: a status beyond 599 is loosened, a day that is none is not. */
export function accessLog(name: string, kinds: readonly Kind[]): string {
  const lines = kinds.map((kind, at) => {
    const day = isOther(kind) ? "31/Feb/2026" : "05/Jan/2026";
    const status = isLoose(kind) ? 799 : 200;
    return `10.0.0.${at} - - [${day}:10:00:00 +0000] "GET /${name}/${at} HTTP/1.1" ${status} 12 "-" "agent \\"${at}\\""`;
  });
  return `${lines.join("\n")}\n`;
}

/** Requests: a response time beyond 10,000 is loosened, a method that is none is not. */
function requests(name: string, kinds: readonly Kind[]): readonly object[] {
  return kinds.map((kind, at) => ({
    request_id: `${name}-${at}`,
    timestamp: "2026-01-05T10:00:00Z",
    user_id: "u1",
    session_id: "s1",
    method: isOther(kind) ? "BREW" : "GET",
    endpoint: "/cart",
    status_code: 200,
    response_time_ms: isLoose(kind) ? 20_000 : 12.5,
    country_code: "DE",
    user_agent: 'a "quoted", long\none',
  }));
}

/** A zip of gzipped members, JSON lines and a JSON array by turns. */
export function requestZip(members: Readonly<Record<string, readonly Kind[]>>): Buffer {
  return zipFile(
    Object.entries(members).map(([name, kinds], at) => {
      const records = requests(name, kinds);
      const text =
        at % 2 === 0
          ? records.map((record) => JSON.stringify(record)).join("\n")
          : JSON.stringify(records, null, 2);
      return { name, content: gzipSync(text), stored: true };
    }),
  );
}

/** A workbook with a title above its header: a rating beyond 5 is loosened, a price below 0 is not. */
export function catalogue(name: string, kinds: readonly Kind[]): Buffer {
  const columns =
    "product_id,name,category,price,cost,stock,brand,created_at,is_active,rating,review_count".split(",");
  const rows = kinds.map((kind, at) => [
    `${name}-${at}`,
    `Lamp, "large" ${at}`,
    "light",
    isOther(kind) ? -1 : 9.5,
    4.25,
    at,
    "Lux",
    new Date("2026-01-02T03:04:05Z"),
    true,
    isLoose(kind) ? 7 : 4.5,
    3,
  ]);
  const sheet = xlsx.utils.aoa_to_sheet([["Catalogue"], [], columns, ...rows], {
    cellDates: true,
    UTC: true,
  });
  const book: xlsx.WorkBook = { SheetNames: ["Sheet"], Sheets: { Sheet: sheet } };
  return xlsx.write(book, {
    type: "buffer",
    bookType: "xlsx",
    cellDates: true,
    UTC: true,
  } as xlsx.WritingOptions);
}

/** A JSON array over many lines: a price below 0 is loosened, a quantity that is no number is not. */
export function eventArray(name: string, kinds: readonly Kind[]): string {
  const records = kinds.map((kind, at) => ({
    event_time: "2026-01-05 10:00:00",
    event_type: "view",
    user_id: `${name}-${at}`,
    price: isLoose(kind) ? -3.5 : 3.5,
    quantity: isOther(kind) ? "two" : 2,
    properties: JSON.stringify({ note: "a, b", list: [1, { c: "]" }] }),
  }));
  return JSON.stringify(records, null, 2);
}

export function writeRaw(dataDir: string, path: string, content: string | Buffer): void {
  const file = join(dataDir, "raw", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
