import { columnIndex, columnsOf, type SourceModel } from "../model.js";
import { mix } from "../random.js";
import { categories, DAY_MS, money, priceCents, productId, timeText } from "../shop.js";

const columns = columnsOf(`product_id! name! category! price:decimal! cost:decimal! stock:integer! brand!
  created_at:time! is_active:boolean! rating:number! review_count:integer!`);
const price = columnIndex(columns, "price");
const brands = ["Nordlys", "Café Noir", "Bến Thành", "Ōsaka Works", "Żubr", "Acme"] as const;
const things = [
  '27" TV, curved',
  'Monitor 24"',
  "Lamp",
  "Chair",
  'Bag "Weekend"',
  "Tea, green",
  "Desk\nwith drawers",
  "Ball",
  "Phone",
] as const;

export const products: SourceModel = {
  source: "products",
  columns,
  keyed: true,
  textColumns: ["product_id", "category", "brand"],
  badValues: [
    { column: "price", text: "-1.00", code: "out_of_range" },
    { column: "cost", text: "-0.01", code: "out_of_range" },
    { column: "stock", text: "-5", code: "out_of_range" },
    { column: "review_count", text: "-1", code: "out_of_range" },
    { column: "rating", text: "5.1", code: "out_of_range" },
    { column: "rating", text: "-0.5", code: "out_of_range" },
  ],
  badRecords: [],
  make: (random, shop, _day, index) => {
    const bits = mix(shop.seed, 51, index);
    const cents = priceCents(shop, index);
    const cost = index % 97 === 0 ? 0 : Math.floor(cents * (0.4 + (bits % 40) / 100));
    return [
      productId(index),
      `No. ${index + 1} ${things[bits % things.length]}`,
      categories[bits % categories.length] as string,
      money(cents),
      money(cost),
      String((bits >>> 5) % 400),
      brands[(bits >>> 9) % brands.length] as string,
      timeText(shop.start - (bits % 900) * DAY_MS + (bits % 86_400) * 1000, true),
      random.chance(0.9) ? "true" : "no",
      (((bits >>> 4) % 51) / 10).toFixed(1),
      String((bits >>> 11) % 5_000),
    ];
  },
  revise: (cells, random) => {
    cells[price] = money(100_000 + random.below(10_000));
  },
};
