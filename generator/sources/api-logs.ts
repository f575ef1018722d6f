import { columnIndex, columnsOf, type SourceModel } from "../model.js";
import { countries, ipOf, productId, sessionOf, someProduct, timeText, userAgents, userId } from "../shop.js";

const columns =
  columnsOf(`request_id! timestamp:time! user_id! session_id! method! endpoint! status_code:integer!
  response_time_ms:number! country_code! user_agent ip_address payload_size_bytes:integer cache_hit:boolean
  error_message`);
const status = columnIndex(columns, "status_code");
const endpoints = [
  "/products/",
  "/categories",
  "/cart",
  "/checkout",
  "/login",
  "/auth/token",
  "/search",
] as const;

export const apiLogs: SourceModel = {
  source: "api_logs",
  columns,
  keyed: true,
  textColumns: ["session_id", "endpoint", "user_agent"],
  badValues: [
    { column: "status_code", text: "99", code: "out_of_range" },
    { column: "status_code", text: "600", code: "out_of_range" },
    { column: "status_code", text: "-1", code: "out_of_range" },
    { column: "response_time_ms", text: "10000.5", code: "out_of_range" },
    { column: "response_time_ms", text: "120000", code: "out_of_range" },
    { column: "method", text: "BREW", code: "not_allowed" },
    { column: "country_code", text: "", code: "not_allowed" },
  ],
  badRecords: [],
  make: (random, shop, day, index) => {
    const session = sessionOf(shop, day, random.below(shop.sessionsADay));
    const endpoint = random.pick(endpoints);
    const failed = random.chance(0.03);
    return [
      `r_${day}_${index.toString(36).padStart(6, "0")}`,
      timeText(session.start + random.below(session.seconds) * 1000, true),
      userId(session.user),
      session.id,
      endpoint === "/cart" || endpoint === "/checkout" ? "POST" : random.chance(0.02) ? "PUT" : "GET",
      endpoint === "/products/" ? endpoint + productId(someProduct(shop, random.share())) : endpoint,
      failed ? random.pick(["500", "502", "404", "401"]) : "200",
      (5 + random.below(19_000) / 10).toFixed(1),
      countries[session.country] as string,
      userAgents[session.bits % userAgents.length] as string,
      ipOf(session.bits),
      random.chance(0.05) ? null : String(120 + random.below(9_000)),
      random.chance(0.4) ? "true" : "false",
      failed ? 'upstream said "no", 3 times\nsee the journal' : null,
    ];
  },
  revise: (cells) => {
    cells[status] = cells[status] === "200" ? "204" : "200";
  },
};
