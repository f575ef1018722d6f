import { afterEach, beforeEach, expect, test } from "vitest";
import { type InputFile, type Row, type SmallLake, smallLake } from "./small-lake.js";

let lake: SmallLake;
beforeEach(async () => {
  lake = await smallLake();
});
afterEach(() => lake.close());

const session = (id: string, start: string, more: Row = {}): Row => ({
  session_id: id,
  user_id: "u1",
  start_time: `${start} 10:00:00+00`,
  end_time: `${start} 10:30:00+00`,
  pages_visited: 3,
  products_viewed: 2,
  products_added_to_cart: 1,
  conversion: false,
  total_spent: "0.00",
  device_type: "mobile",
  browser: "Firefox",
  ...more,
});
const sale = (order: string, day: string, more: Row = {}): Row => ({
  order_id: order,
  product_id: "p1",
  quantity: 1,
  unit_price: "10.0000",
  sold_at: `${day} 12:00:00+00`,
  country: "DE",
  ...more,
});
const product = (id: string, name: string, more: Row = {}): Row => ({
  product_id: id,
  name,
  category: "Kitchen",
  price: "12.00",
  cost: "6.00",
  stock: 5,
  brand: "B",
  created_at: "2026-01-10 00:00:00+00",
  is_active: true,
  rating: 4,
  review_count: 1,
  ...more,
});
const user = (id: string, more: Row = {}): Row => ({
  user_id: id,
  email: `${id}@shop.example`,
  first_name: "Lan",
  last_name: "Ng",
  age: 30,
  gender: "F",
  country: "DE",
  city: "Bonn",
  registration_date: "2025-01-01",
  is_premium: false,
  total_orders: 1,
  total_spent: "5.00",
  last_login: "2026-01-01 00:00:00+00",
  ...more,
});
const log = (id: string, time: string, more: Row = {}): Row => ({
  request_id: id,
  timestamp: `${time}+00`,
  user_id: "u1",
  session_id: "s1",
  method: "GET",
  endpoint: "/products/1",
  status_code: 200,
  response_time_ms: 10,
  country_code: "DE",
  ...more,
});
const file = (source: string, path: string, ...rows: Row[]): InputFile => ({ source, path, rows });

test("a key whose new version lies on another day leaves the old day", async () => {
  await lake.run([file("sessions", "a.csv", session("s1", "2026-01-01"), session("s2", "2026-01-01"))]);
  await lake.run([file("sessions", "b.csv", session("s1", "2026-01-02"))]);
  expect(await lake.rows("processed/enriched/sessions", "session_id, date")).toEqual([
    { session_id: "s1", date: "2026-01-02" },
    { session_id: "s2", date: "2026-01-01" },
  ]);
  expect(await lake.rows("processed/joined/combined_sessions", "session_id, date")).toHaveLength(2);
  expect(await lake.rows("processed/aggregated/sessions", "date, nb_sessions")).toEqual([
    { date: "2026-01-01", nb_sessions: 1 },
    { date: "2026-01-02", nb_sessions: 1 },
  ]);
});

test("when the winning version goes, the one before is back on its own day", async () => {
  await lake.run([file("sessions", "a.csv", session("s1", "2026-01-01"))]);
  await lake.run([file("sessions", "b.csv", session("s1", "2026-01-05"), session("s2", "2026-01-05"))]);
  expect(await lake.rows("processed/enriched/sessions", "date")).toEqual([
    { date: "2026-01-05" },
    { date: "2026-01-05" },
  ]);
  await lake.run([file("sessions", "b.csv", session("s2", "2026-01-05"))]);
  expect(await lake.rows("processed/enriched/sessions", "session_id, date")).toEqual([
    { session_id: "s1", date: "2026-01-01" },
    { session_id: "s2", date: "2026-01-05" },
  ]);
});

test("an old version does not rise again when its day is made anew for another key", async () => {
  await lake.run([file("sessions", "a.csv", session("s1", "2026-01-01"))]);
  await lake.run([file("sessions", "b.csv", session("s1", "2026-01-02"))]);
  await lake.run([file("sessions", "c.csv", session("s9", "2026-01-01"))]);
  expect(await lake.rows("processed/enriched/sessions", "session_id, date")).toEqual([
    { session_id: "s1", date: "2026-01-02" },
    { session_id: "s9", date: "2026-01-01" },
  ]);
});

test("a row that another file still says stays when one file loses it, and goes with the last", async () => {
  const both = [sale("o1", "2026-01-01"), sale("o2", "2026-01-01")];
  await lake.run([
    file("sales", "a.csv", ...both),
    file("sales", "b.csv", sale("o2", "2026-01-01"), sale("o3", "2026-01-01")),
  ]);
  await lake.run([file("sales", "a.csv", sale("o1", "2026-01-01"))]);
  expect(await lake.rows("processed/enriched/sales", "order_id")).toHaveLength(3);
  await lake.run([file("sales", "b.csv", sale("o3", "2026-01-01"))]);
  expect(await lake.rows("processed/enriched/sales", "order_id")).toEqual([
    { order_id: "o1" },
    { order_id: "o3" },
  ]);
  expect(await lake.rows("processed/aggregated/sales_by_day")).toEqual([
    { date: "2026-01-01", country: "DE", orders: 2, customers: 0, quantity: 2, revenue: "20.0000" },
  ]);
});

test("overlaps count once, repeats within a file stay, and the balance of identities says so", async () => {
  const twice = [sale("o1", "2026-01-01"), sale("o1", "2026-01-01")];
  const first = await lake.run([file("sales", "a.csv", ...twice, sale("o2", "2026-01-01"))]);
  expect(first.identities["sales"]).toEqual({ duplicates: 0, superseded: 0 });
  const second = await lake.run([file("sales", "b.csv", ...twice, sale("o3", "2026-01-02"))]);
  expect(second.identities["sales"]).toEqual({ duplicates: 2, superseded: 0 });
  expect(await lake.rows("processed/enriched/sales", "order_id")).toHaveLength(4);
});

test("versions of a key: one stands, an exact copy is a duplicate, another content superseded", async () => {
  const changes = await lake.run([
    file("sessions", "a.csv", session("s1", "2026-01-01"), session("s2", "2026-01-01")),
    file(
      "sessions",
      "b.csv",
      session("s1", "2026-01-01"),
      session("s2", "2026-01-01", { total_spent: "9.00" }),
    ),
  ]);
  expect(changes.identities["sessions"]).toEqual({ duplicates: 1, superseded: 1 });
  const later = await lake.run([file("sessions", "c.csv", session("s1", "2026-01-02"))]);
  expect(later.identities["sessions"]).toEqual({ duplicates: 0, superseded: 1 });
  expect(await lake.rows("processed/enriched/sessions", "session_id, date, total_spent")).toEqual([
    { session_id: "s1", date: "2026-01-02", total_spent: "0.00" },
    { session_id: "s2", date: "2026-01-01", total_spent: "9.00" },
  ]);
});

test("a content that moved to another path stays, under that path", async () => {
  const rows = [sale("o1", "2026-01-01"), sale("o2", "2026-01-02")];
  await lake.run([file("sales", "today.csv", ...rows)]);
  await lake.run([
    file("sales", "2026-01-01.csv", ...rows),
    file("sales", "today.csv", sale("o9", "2026-01-03")),
  ]);
  expect(await lake.rows("processed/sales", "order_id, _file")).toEqual([
    { order_id: "o1", _file: "2026-01-01.csv" },
    { order_id: "o2", _file: "2026-01-01.csv" },
    { order_id: "o9", _file: "today.csv" },
  ]);
});

test("a path that takes over a content that is known gives up its own, though nothing is published", async () => {
  await lake.run([
    file("sales", "a.csv", sale("o1", "2026-01-01")),
    file("sales", "b.csv", sale("o2", "2026-01-02")),
  ]);
  await lake.run([file("sales", "b.csv", sale("o1", "2026-01-01"))]);
  expect(await lake.rows("processed/enriched/sales", "order_id")).toEqual([{ order_id: "o1" }]);
});

test("a catalogue that returns to an earlier content returns in the table too", async () => {
  const old = product("p1", "Mug");
  await lake.run([file("products", "products_2026-01-01.csv", old)]);
  await lake.run([file("products", "products_2026-01-02.csv", product("p1", "Cup"))]);
  expect(await lake.rows("processed/enriched/products", "name")).toEqual([{ name: "Cup" }]);
  await lake.run([file("products", "products_2026-01-03.csv", old)]);
  expect(await lake.rows("processed/enriched/products", "name")).toEqual([{ name: "Mug" }]);
});

test("a product's new name reaches the sales that name it; its stock reaches none", async () => {
  await lake.run([
    file("products", "p.csv", product("p1", "Mug"), product("p2", "Pan")),
    file("sales", "s.csv", sale("o1", "2026-01-01"), sale("o2", "2026-01-02", { product_id: "p2" })),
  ]);
  const before = await lake.versions();
  await lake.run([file("products", "p.csv", product("p1", "Mug", { stock: 500 }), product("p2", "Pan"))]);
  const stocked = await lake.versions();
  expect(stocked["processed/enriched/products"]).toBe((before["processed/enriched/products"] ?? 0) + 1);
  expect(stocked["processed/enriched/sales"]).toBe(before["processed/enriched/sales"]);
  const changes = await lake.run([file("products", "p.csv", product("p1", "Cup"), product("p2", "Pan"))]);
  const sales = changes.tables.find(({ table }) => table === "processed/enriched/sales");
  expect(sales?.adds.map((add) => add.partition_values["date"])).toEqual(["2026-01-01"]);
  expect(await lake.rows("processed/aggregated/sales_by_month", "product_id, product_name")).toEqual([
    { product_id: "p1", product_name: "Cup" },
    { product_id: "p2", product_name: "Pan" },
  ]);
});

test("joined sessions follow their users and logs, before or after them, within the window", async () => {
  await lake.run([file("sessions", "s.csv", session("s1", "2026-01-01"), session("s2", "2026-01-20"))]);
  await lake.run([file("users", "users_database.csv", user("u1"))]);
  await lake.run([
    file("api_logs", "l1.json", log("r1", "2026-01-01 10:00:00"), log("r2", "2026-01-01 10:05:00")),
    file(
      "api_logs",
      "l2.json",
      log("r3", "2026-01-01 10:05:00"),
      log("r4", "2026-01-02 00:00:00", { user_id: "u2" }),
    ),
  ]);
  const combined = () =>
    lake.rows("processed/joined/combined_sessions", "session_id, user_city, log_request_id");
  expect(await combined()).toEqual([
    { session_id: "s1", user_city: "Bonn", log_request_id: "r3" },
    { session_id: "s2", user_city: "Bonn", log_request_id: null },
  ]);
  await lake.run([file("users", "users_database.csv", user("u1", { city: "Hue" }))], { windowDays: 15 });
  expect(await combined()).toEqual([
    { session_id: "s1", user_city: "Bonn", log_request_id: "r3" },
    { session_id: "s2", user_city: "Hue", log_request_id: null },
  ]);
});

test("the run's date changes users and products with the next published file, and nothing that is joined", async () => {
  await lake.run([
    file("users", "users_database.csv", user("u1")),
    file("products", "p.csv", product("p1", "Mug")),
    file("sessions", "s.csv", session("s1", "2026-01-01")),
  ]);
  const before = await lake.versions();
  await lake.run([], { asOf: "2026-03-31" });
  expect(await lake.versions()).toEqual(before);
  await lake.run([file("sales", "sale.csv", sale("o1", "2026-03-30"))], { asOf: "2026-03-31" });
  expect(await lake.rows("processed/enriched/users", "days_since_last_login")).toEqual([
    { days_since_last_login: 89 },
  ]);
  expect(await lake.rows("processed/enriched/products", "is_new")).toEqual([{ is_new: false }]);
  const after = await lake.versions();
  expect(after["processed/joined/combined_sessions"]).toBe(before["processed/joined/combined_sessions"]);
  expect(after["processed/users"]).toBe(before["processed/users"]);
});

test("cut into small parts, the tables are the same", async () => {
  const days = Array.from({ length: 6 }, (_, n) => `2026-01-${String(n + 1).padStart(2, "0")}`);
  const files = [
    file("sessions", "s.csv", ...days.map((day, n) => session(`s${n % 5}`, day, { user_id: `u${n % 3}` }))),
    file("sales", "o.csv", ...days.map((day) => sale("o1", day)), sale("o1", "2026-02-01")),
    file(
      "api_logs",
      "l.json",
      ...days.map((day, n) => log(`r${n}`, `${day} 10:00:00`, { session_id: `s${n % 5}` })),
    ),
    file("users", "u.csv", user("u1"), user("u2")),
  ];
  await lake.run(files);
  const small = await smallLake();
  try {
    await small.run(files, { limits: { rows: 3, partitions: 3, ownRows: 2 } });
    expect(await small.hashes()).toEqual(await lake.hashes());
  } finally {
    small.close();
  }
});
