import fc from "fast-check";
import type { InputFile, Row } from "./small-lake.js";

export type ShopFile = InputFile;

/** Small domains, so that keys, products, users and days meet often. */
const day = fc.integer({ min: 1, max: 4 }).map((n) => `2026-01-0${n}`);
const month = fc.constantFrom("2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01");
const userId = fc.constantFrom("u1", "u2", "u3");
const sessionId = fc.constantFrom("s1", "s2", "s3", "s4");
const productId = fc.constantFrom("p1", "p2", "p3");
const clock = fc.constantFrom("08:00:00+00", "08:00:01+00", "23:59:59.999+00");
const time = fc.tuple(day, clock).map(([d, c]) => `${d} ${c}`);
const rows = (row: fc.Arbitrary<Row>): fc.Arbitrary<readonly Row[]> => fc.array(row, { maxLength: 5 });

const sale = fc.record({
  order_id: fc.constantFrom("o1", "o2"),
  line_no: fc.constantFrom(null, null, "1", "2"),
  product_id: productId,
  quantity: fc.constantFrom(1, 2, -1),
  unit_price: fc.constantFrom("9.99", "0.125"),
  sold_at: fc.tuple(month, clock).map(([d, c]) => `${d} ${c}`),
  user_id: fc.constantFrom(null, "u1", "u2"),
  discount: fc.constantFrom(null, 0.1, 0.333),
  country: fc.constantFrom("de", "VN"),
});
const session = fc.record({
  session_id: sessionId,
  user_id: userId,
  start_time: time,
  end_time: time,
  pages_visited: fc.constantFrom(1, 7),
  products_added_to_cart: fc.constantFrom(0, 2),
  conversion: fc.boolean(),
  bounce_rate: fc.constantFrom(null, 0.4, 1),
  total_spent: fc.constantFrom("0.00", "19.99"),
  device_type: fc.constantFrom("Mobile", "tv"),
  browser: fc.constant("Firefox"),
  referrer: fc.constantFrom(null, "ads"),
});
const log = fc.record({
  request_id: fc.constantFrom("r1", "r2", "r3", "r4", "r5"),
  timestamp: time,
  user_id: userId,
  session_id: sessionId,
  method: fc.constantFrom("GET", "POST"),
  endpoint: fc.constantFrom("/products/1", "/cart"),
  status_code: fc.constantFrom(200, 500),
  response_time_ms: fc.constantFrom(12.5, 0.1, 7),
  country_code: fc.constantFrom("DE", "vn"),
});
const user = fc.record({
  user_id: userId,
  email: fc.constantFrom("A@x.de", "b@y.vn"),
  first_name: fc.constantFrom("Lan", "Bo"),
  last_name: fc.constant("Ng"),
  age: fc.constantFrom(20, 30),
  country: fc.constant("DE"),
  is_premium: fc.boolean(),
  total_orders: fc.constantFrom(0, 3),
  total_spent: fc.constantFrom("0.00", "10.10"),
  last_login: time,
});
const product = fc.record({
  product_id: productId,
  name: fc.constantFrom("Mug", "Cup"),
  category: fc.constantFrom("Kitchen", "Gifts"),
  price: fc.constantFrom("3.00", "4.00"),
  cost: fc.constantFrom("0.00", "1.00"),
  stock: fc.constantFrom(5, 50, 500),
  created_at: time,
  is_active: fc.boolean(),
  rating: fc.constantFrom(4.5, 3),
});
const hit = fc.record({
  time,
  ip_address: fc.constantFrom("1.1.1.1", "2.2.2.2"),
  path: fc.constantFrom("/cart", "/"),
  status: fc.constantFrom(200, 404),
  bytes: fc.constantFrom(null, 100),
  product_id: fc.constantFrom(null, "p1", "p2"),
});
const click = fc.record({
  event_id: fc.constantFrom(null, null, "e1", "e2"),
  event_time: time,
  event_type: fc.constantFrom("view", "purchase", "x"),
  client_id: fc.constantFrom("c1", "c2"),
  product_id: fc.constantFrom(null, "p1", "p3"),
});

const contents: Readonly<Record<string, fc.Arbitrary<readonly Row[]>>> = {
  sales: rows(sale),
  sessions: rows(session),
  api_logs: rows(log),
  users: rows(user),
  products: rows(product),
  web_logs: rows(hit),
  events: rows(click),
};

const file: fc.Arbitrary<InputFile> = fc.constantFrom(...Object.keys(contents)).chain((source) =>
  fc.record({
    source: fc.constant(source),
    path: fc.constantFrom("a_2026-01-03.csv", "b_2026-01-01.csv", "c.csv").map((name) => `${source}/${name}`),
    rows: contents[source] ?? fc.constant([]),
  }),
);

/** Runs with files: of a path at most one version a run. */
export const shopFiles: fc.Arbitrary<readonly (readonly InputFile[])[]> = fc.array(
  fc.uniqueArray(file, { minLength: 1, maxLength: 7, selector: ({ path }) => path }),
  { minLength: 2, maxLength: 4 },
);
