import { columnIndex, columnsOf, type SourceModel } from "../model.js";
import { mix } from "../random.js";
import { cities, countries, DAY_MS, dateText, money, timeText, userCountry, userId } from "../shop.js";

const columns = columnsOf(`user_id! email! first_name! last_name! age:integer! gender! country! city!
  registration_date:date! is_premium:boolean! total_orders:integer! total_spent:decimal! last_login:time!`);
const orders = columnIndex(columns, "total_orders");
const login = columnIndex(columns, "last_login");
const firstNames = ["Lan", "José", "Anna", "Søren", "Zoë", "Minh", "Aiko", "Peter", "Łucja"] as const;
const lastNames = ["Nguyễn", "O'Brien", "García", "Müller", "Smith, Jr.", "Kowalska", "Sato"] as const;

export const users: SourceModel = {
  source: "users",
  columns,
  keyed: true,
  textColumns: ["user_id", "first_name", "country"],
  badValues: [
    { column: "age", text: "15", code: "out_of_range" },
    { column: "age", text: "101", code: "out_of_range" },
    { column: "total_orders", text: "-1", code: "out_of_range" },
    { column: "total_spent", text: "-5.00", code: "out_of_range" },
    { column: "gender", text: "X", code: "not_allowed" },
    { column: "email", text: "admin@example.com", code: "not_allowed" },
    { column: "email", text: "root@example.org", code: "not_allowed" },
  ],
  badRecords: [],
  make: (random, shop, _day, index) => {
    const bits = mix(shop.seed, 61, index);
    const place = userCountry(shop, index);
    const count = bits % 5 === 0 ? 0 : (bits >>> 4) % 40;
    return [
      userId(index),
      `user${index + 1}@example.net`,
      firstNames[bits % firstNames.length] as string,
      lastNames[(bits >>> 3) % lastNames.length] as string,
      String(16 + (bits % 80)),
      random.pick(["M", "F", "Other"]),
      countries[place] as string,
      cities[place] as string,
      dateText(shop.start - (30 + (bits % 2_000)) * DAY_MS),
      random.pick(["true", "false", "false", "no"]),
      String(count),
      money(count * (700 + (bits % 9_000))),
      timeText(shop.start - (bits % 29) * DAY_MS + (bits % 86_000) * 1000, true),
    ];
  },
  revise: (cells, random) => {
    cells[orders] = String(50 + random.below(50));
    cells[login] = `${(cells[login] as string).slice(0, 17)}59Z`;
  },
};
