import type { FaultFormat } from "./faults.js";
import { type CsvDialect, csvEncoder, plainCsv } from "./formats/csv.js";
import type { Encoder } from "./formats/encoder.js";
import { jsonEncoder } from "./formats/json.js";
import { textEncoder } from "./formats/text.js";
import type { SourceModel } from "./model.js";
import { DAY_MS, dateText, type Shop } from "./shop.js";
import { apiLogs } from "./sources/api-logs.js";
import { events } from "./sources/events.js";
import { products } from "./sources/products.js";
import { sales } from "./sources/sales.js";
import { sessions } from "./sources/sessions.js";
import { users } from "./sources/users.js";
import { accessLine, accessLogs, appLine, appLogs } from "./sources/web-logs.js";

/** One file to write. */
export interface FilePlan {
  /** As the run names it: relative to raw/, a zip's member as `api_logs.zip/<member>`. */
  readonly path: string;
  readonly number: number;
  readonly model: SourceModel;
  readonly format: FaultFormat;
  /** null for XLSX. */
  readonly encoder: Encoder | null;
  readonly gz: boolean;
  readonly day: number;
  /** Index of the first record of its own within its day. */
  readonly first: number;
  readonly rows: number;
  /** Good records to keep for a file that repeats them. */
  readonly keep: number;
  /** Path of the file whose kept records stand here again. */
  readonly repeats: string | null;
}

export const ZIP = "api_logs.zip";
const KEEP = 40;

/** Mean bytes a record and share of the whole, measured on the output. */
const weights = {
  api_logs: { bytes: 385, share: 0.25 },
  sessions: { bytes: 135, share: 0.14 },
  users: { bytes: 109, share: 0.05 },
  sales: { bytes: 88, share: 0.22 },
  events: { bytes: 310, share: 0.15 },
  access: { bytes: 193, share: 0.13 },
  app: { bytes: 107, share: 0.05 },
} as const;

function rowsOf(kind: keyof typeof weights, bytes: number): number {
  return Math.max(20, Math.floor((bytes * weights[kind].share) / weights[kind].bytes));
}

export function shopOf(options: { seed: number; bytes: number; days: number }): Shop {
  return {
    seed: options.seed,
    users: rowsOf("users", options.bytes),
    products: 400 + Math.min(20_000, Math.floor(options.bytes / 100_000)),
    sessionsADay: Math.ceil(rowsOf("sessions", options.bytes) / options.days),
    start: Date.UTC(2026, 0, 5),
  };
}

/** Every file of a generation, in the order in which they are written; `plain` ones trip no other reader. */
export function filePlans(shop: Shop, bytes: number, days: number, plain: boolean): readonly FilePlan[] {
  const plans: FilePlan[] = [];
  const add = (plan: Omit<FilePlan, "number" | "keep" | "repeats"> & Partial<FilePlan>): void => {
    plans.push({ keep: 0, repeats: null, ...plan, number: plans.length + 1 });
  };
  const perDay = (kind: keyof typeof weights): number => Math.ceil(rowsOf(kind, bytes) / days);
  const csv = (model: SourceModel, path: string, dialect: Partial<CsvDialect> = {}) =>
    ({
      path,
      model,
      format: "csv",
      gz: false,
      encoder: csvEncoder(model.columns, { ...plainCsv, ...dialect }),
    }) as const;
  const json = (model: SourceModel, path: string, array: boolean) =>
    ({
      path,
      model,
      format: array ? "array" : "lines",
      gz: path.endsWith(".gz"),
      encoder: jsonEncoder(model.columns, array, !plain),
    }) as const;

  add({ ...csv(users, "users_database.csv", { newlineAtEnd: false }), day: 0, first: 0, rows: shop.users });
  const inCsv = Math.floor(shop.products * 0.7);
  add({ ...csv(products, "products_catalog.csv"), day: 0, first: 0, rows: inCsv, keep: KEEP });
  add({
    path: "products_catalog.xlsx",
    model: products,
    format: "xlsx",
    encoder: null,
    gz: false,
    day: 0,
    first: inCsv,
    rows: shop.products - inCsv,
    repeats: "products_catalog.csv",
  });
  for (let day = 0; day < days; day += 1) {
    const date = dateText(shop.start + day * DAY_MS);
    const last = day === days - 1;
    const logs = perDay("api_logs");
    const logPath = `${last ? "" : `${ZIP}/api_logs/`}api_logs_${date}.json.gz`;
    add({ ...json(apiLogs, logPath, day % 2 === 0), day, first: 0, rows: logs, keep: last ? KEEP : 0 });
    const own = { day, rows: shop.sessionsADay, first: 0, keep: last ? KEEP : 0 };
    add({ ...csv(sessions, `user_sessions/sessions_${date}.csv`, { reversed: day % 2 === 1 }), ...own });
    const sold = perDay("sales");
    const till: Partial<CsvDialect> = { eol: day % 3 === 1 ? "\r\n" : "\n", newlineAtEnd: day % 2 === 0 };
    add({ ...csv(sales, `sales/sales_${date}.csv`, till), ...own, rows: sold });
    const access = `web_logs/access_${date}.log${day % 2 === 1 ? ".gz" : ""}`;
    const line = textEncoder(accessLine);
    add({
      path: access,
      model: accessLogs,
      format: "text",
      encoder: line,
      gz: access.endsWith(".gz"),
      ...own,
      rows: perDay("access"),
    });
    const app = textEncoder(appLine);
    add({
      path: `web_logs/app_${date}.log`,
      model: appLogs,
      format: "text",
      encoder: app,
      gz: false,
      ...own,
      keep: 0,
      rows: perDay("app"),
    });
    const clicks = perDay("events");
    const clickPath = `events/events_${date}`;
    add(
      day % 2 === 1
        ? { ...json(events, `${clickPath}.jsonl`, false), ...own, rows: clicks }
        : { ...csv(events, `${clickPath}.csv`), ...own, rows: clicks },
    );
    if (!last) continue;
    // a second export of the same day: some records again, some new ones
    const more = (rows: number, repeats: string) => ({
      day,
      first: rows,
      rows: Math.ceil(rows / 20),
      repeats,
    });
    add({ ...json(apiLogs, `api_logs_${date}.ndjson`, false), ...more(logs, logPath) });
    const resent: Partial<CsvDialect> = { encoding: "utf16le", bom: true, eol: "\r\n" };
    const again = `user_sessions/sessions_${date}_resent.csv`;
    add({
      ...csv(sessions, again, resent),
      ...more(shop.sessionsADay, `user_sessions/sessions_${date}.csv`),
    });
    const market: Partial<CsvDialect> = { delimiter: ";", bom: true, eol: "\r\n", reversed: true };
    add({ ...csv(sales, "sales_marketplace.csv", market), ...more(sold, `sales/sales_${date}.csv`) });
    add({
      path: `web_logs/access_${date}_resent.log.gz`,
      model: accessLogs,
      format: "text",
      encoder: line,
      gz: true,
      ...more(perDay("access"), access),
    });
    const clicksFrom = `${clickPath}.${day % 2 === 1 ? "jsonl" : "csv"}`;
    add({ ...json(events, `${clickPath}_resent.json`, true), ...more(clicks, clicksFrom) });
  }
  return plans;
}
