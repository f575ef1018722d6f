import { columnsOf, type SourceModel } from "../model.js";
import { ipOf, productId, referrers, sessionOf, someProduct, timeText, userAgents, userId } from "../shop.js";

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const paths = ["/", "/categories/lamps", "/cart", "/checkout", "/login", "/static/app.js"] as const;

/** Lines of a combined access log. */
export const accessLogs: SourceModel = {
  source: "web_logs",
  columns:
    columnsOf(`ip_address! user_id time:time! method path protocol status:integer bytes:integer referrer
    user_agent`),
  keyed: false,
  textColumns: ["path", "user_agent"],
  badValues: [
    { column: "status", text: "999", code: "out_of_range" },
    { column: "status", text: "099", code: "out_of_range" },
    { column: "time", text: "31/Feb/2026:10:00:00 +0000", code: "wrong_type" },
  ],
  badRecords: [],
  make: (random, shop, day) => {
    const session = sessionOf(shop, day, random.below(shop.sessionsADay));
    const at = timeText(session.start + random.below(session.seconds) * 1000, true);
    const onProduct = random.chance(0.6);
    return [
      ipOf(session.bits),
      random.chance(0.2) ? userId(session.user) : null,
      `${at.slice(8, 10)}/${months[Number(at.slice(5, 7)) - 1]}/${at.slice(0, 4)}:${at.slice(11, 19)} +0000`,
      random.chance(0.05) ? "POST" : "GET",
      onProduct ? `/products/${productId(someProduct(shop, random.share()))}` : random.pick(paths),
      "HTTP/1.1",
      random.chance(0.05) ? random.pick(["304", "404", "500"]) : "200",
      random.chance(0.03) ? null : String(200 + random.below(60_000)),
      random.chance(0.4) ? null : random.pick(referrers),
      userAgents[session.bits % userAgents.length] as string,
    ];
  },
  revise: null,
};

export function accessLine(cells: readonly (string | null)[]): string {
  const [ip, user, time, method, path, protocol, status, bytes, referrer, agent] = cells.map((c) => c ?? "-");
  return `${ip} - ${user} [${time}] "${method} ${path} ${protocol}" ${status} ${bytes} "${referrer}" "${agent}"`;
}

/** Lines of the shop's application log. */
export const appLogs: SourceModel = {
  source: "web_logs",
  columns: columnsOf("time:time! user_id ip_address! action product_id"),
  keyed: false,
  textColumns: ["user_id"],
  badValues: [{ column: "time", text: "2026-02-30 17:00:00", code: "wrong_type" }],
  badRecords: [],
  make: (random, shop, day) => {
    const session = sessionOf(shop, day, random.below(shop.sessionsADay));
    const product = productId(someProduct(shop, random.share()));
    return [
      timeText(session.start + random.below(session.seconds) * 1000, false),
      `user${session.user + 1}@example.net`,
      ipOf(session.bits),
      random.pick(["view_product", "view_product", "add_to_cart", "purchase"]),
      product,
    ];
  },
  revise: null,
};

export function appLine(cells: readonly (string | null)[]): string {
  const [time, user, ip, action, product] = cells;
  return `${time} INFO user:${user} ip:${ip} action:${action}:${product} status:success`;
}
