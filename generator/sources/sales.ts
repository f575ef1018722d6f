import { columnsOf, type SourceModel } from "../model.js";
import { mix } from "../random.js";
import {
  countries,
  money,
  priceCents,
  productId,
  sessionOf,
  someProduct,
  timeText,
  userId,
} from "../shop.js";

const columns = columnsOf(`order_id! product_id! quantity:integer! unit_price:decimal! sold_at:time! user_id
  session_id discount:number vat:number currency channel store_id country payment_method`);
const channels = ["web", "web", "mobile", "store", "marketplace"] as const;

export const sales: SourceModel = {
  source: "sales",
  columns,
  keyed: false,
  textColumns: ["order_id", "currency", "country", "payment_method"],
  badValues: [
    { column: "quantity", text: "0", code: "not_allowed" },
    { column: "unit_price", text: "-0.01", code: "out_of_range" },
    { column: "discount", text: "1.5", code: "out_of_range" },
    { column: "discount", text: "-0.1", code: "out_of_range" },
    { column: "vat", text: "2", code: "out_of_range" },
    { column: "channel", text: "telepathy", code: "not_allowed" },
  ],
  badRecords: [],
  make: (random, shop, day, index) => {
    const order = index >>> 1;
    const session = sessionOf(shop, day, mix(shop.seed, 71, order) % shop.sessionsADay);
    const channel = channels[mix(shop.seed, 72, day, order) % channels.length] as string;
    const inStore = channel === "store";
    const product = someProduct(shop, random.share());
    const quantity = random.chance(0.02) ? -1 : 1 + random.below(5);
    return [
      `o_${day}_${order.toString(36).padStart(5, "0")}`,
      random.chance(0.0005) ? "p_unknown" : productId(product),
      random.chance(0.01) ? `${quantity}.0` : String(quantity),
      random.chance(0.05) ? `${money(priceCents(shop, product))}5` : money(priceCents(shop, product)),
      timeText(session.start + 60_000, true),
      inStore ? null : userId(session.user),
      inStore ? null : session.id,
      random.chance(0.15) ? random.pick(["0.05", "0.1", "0.25"]) : null,
      random.chance(0.7) ? random.pick(["0.1", "0.2", "0.08"]) : null,
      "EUR",
      channel,
      inStore ? `store_${1 + (session.bits % 9)}` : null,
      countries[session.country] as string,
      random.pick(["card", "cash", "paypal", "invoice"]),
    ];
  },
  revise: null,
};
