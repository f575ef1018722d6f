import { columnIndex, columnsOf, type SourceModel } from "../model.js";
import {
  browsers,
  cities,
  countries,
  devices,
  money,
  referrers,
  sessionOf,
  timeText,
  userId,
} from "../shop.js";

const columns = columnsOf(`session_id! user_id! start_time:time! end_time:time! duration_seconds:number
  pages_visited:integer! products_viewed:integer! products_added_to_cart:integer! conversion:boolean!
  bounce_rate:number total_spent:decimal! device_type! browser! referrer country city`);
const start = columnIndex(columns, "start_time");
const end = columnIndex(columns, "end_time");
const pages = columnIndex(columns, "pages_visited");

export const sessions: SourceModel = {
  source: "sessions",
  columns,
  keyed: true,
  textColumns: ["session_id", "device_type", "browser", "city"],
  badValues: [
    { column: "pages_visited", text: "-1", code: "out_of_range" },
    { column: "products_viewed", text: "-3", code: "out_of_range" },
    { column: "products_added_to_cart", text: "-1", code: "out_of_range" },
    { column: "total_spent", text: "-0.01", code: "out_of_range" },
    { column: "bounce_rate", text: "1.5", code: "out_of_range" },
    { column: "bounce_rate", text: "-0.2", code: "out_of_range" },
  ],
  badRecords: [
    {
      kind: "ends_before_start",
      reasons: [{ code: "rule_failed", column: null }],
      spoil: (cells) => shift(cells, -600_000),
    },
    {
      kind: "too_long",
      reasons: [{ code: "rule_failed", column: null }],
      spoil: (cells) => shift(cells, 361 * 60_000),
    },
  ],
  make: (random, shop, day, index) => {
    const session = sessionOf(shop, day, index);
    const viewed = random.below(12);
    const added = Math.min(viewed, random.below(4));
    const bought = added > 0 && random.chance(0.3);
    const long = random.chance(0.001);
    const seconds = long ? 11_000 : session.seconds;
    return [
      session.id,
      random.chance(0.0005) ? "u_unknown" : userId(session.user),
      timeText(session.start, index % 2 === 0),
      timeText(session.start + seconds * 1000, index % 2 === 0),
      random.chance(0.05) ? null : String(seconds),
      random.chance(0.01) ? `${viewed + 1}.0` : String(viewed + 1),
      String(viewed),
      String(added),
      bought ? random.pick(["true", "True", "1", "yes"]) : "false",
      random.pick([null, "true", "false", "0.25", "0.8"]),
      bought ? money(500 + random.below(90_000)) : "0.00",
      devices[session.bits % devices.length] as string,
      random.pick(browsers),
      random.chance(0.2) ? null : random.pick(referrers),
      countries[session.country] as string,
      cities[session.country] as string,
    ];
  },
  revise: (cells, random) => {
    cells[pages] = String(20 + random.below(20));
  },
};

function shift(cells: (string | null)[], milliseconds: number): void {
  const text = cells[start] as string;
  const at = Date.parse(text.endsWith("Z") ? text : `${text.replace(" ", "T")}Z`);
  cells[end] = timeText(at + milliseconds, true);
}
