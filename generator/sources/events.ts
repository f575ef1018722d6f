import { columnsOf, type SourceModel } from "../model.js";
import { mix } from "../random.js";
import {
  categories,
  money,
  priceCents,
  productId,
  referrers,
  sessionOf,
  someProduct,
  timeText,
  userAgents,
  userId,
} from "../shop.js";

const columns = columnsOf(`event_time:time! event_type! user_id session_id client_id product_id category brand
  price:decimal quantity:integer revenue:decimal referrer page_url user_agent properties`);

export const events: SourceModel = {
  source: "events",
  columns,
  keyed: false,
  textColumns: ["event_type", "session_id", "client_id"],
  badValues: [
    { column: "price", text: "-1.00", code: "out_of_range" },
    { column: "revenue", text: "-0.01", code: "out_of_range" },
  ],
  badRecords: [],
  make: (random, shop, day, index) => {
    const session = sessionOf(shop, day, random.below(shop.sessionsADay));
    const product = someProduct(shop, random.share());
    const draw = random.share();
    const type =
      draw < 0.8
        ? "view"
        : draw < 0.9
          ? "cart"
          : draw < 0.93
            ? "checkout"
            : draw < 0.96
              ? "purchase"
              : "scroll";
    const quantity = 1 + random.below(3);
    const cents = priceCents(shop, product);
    const at = timeText(session.start + random.below(session.seconds) * 1000, true);
    return [
      `${at.slice(0, -1)}.${100 + random.below(900)}Z`,
      type,
      random.chance(0.4) ? userId(session.user) : null,
      session.id,
      `c_${mix(shop.seed, 81, session.user).toString(36)}`,
      productId(product),
      categories[mix(shop.seed, 51, product) % categories.length] as string,
      null,
      money(cents),
      type === "view" ? null : String(quantity),
      type === "purchase" ? money(cents * quantity) : null,
      random.chance(0.3) ? random.pick(referrers) : null,
      `https://shop.example.com/products/${productId(product)}?n=${index}`,
      userAgents[session.bits % userAgents.length] as string,
      random.chance(0.1) ? `{"position": ${random.below(40)},\n "list": "best, of \\"week\\""}` : null,
    ];
  },
  revise: null,
};
