import { afterEach, beforeEach, expect, test } from "vitest";
import { type House, openHouse, SALES_HEADER } from "../quality/replay/night.js";

let house: House;
beforeEach(() => {
  house = openHouse();
});
afterEach(() => house.end());

/** So many days before today, the run's date. */
function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

function users(city: string): string {
  const header =
    "user_id,email,first_name,last_name,age,gender,country,city,registration_date,is_premium,total_orders,total_spent,last_login";
  return `${header}\nu1,a@b.de,A,B,30,F,DE,${city},2025-01-01,true,1,2.50,2026-01-01 00:00:00\n`;
}

test("joined_window_days bounds how far back joined tables follow; default_vat is for sales without a rate", async () => {
  house.config = {
    ...house.config,
    settings: { ...house.config.settings, joined_window_days: 15, default_vat: 0.25 },
  };
  const header =
    "session_id,user_id,start_time,end_time,pages_visited,products_viewed,products_added_to_cart,conversion,total_spent,device_type,browser";
  const session = (id: string, day: string) =>
    `${id},u1,${day} 10:00:00,${day} 10:10:00,3,2,1,true,5.00,mobile,Firefox`;
  const sessions = [header, session("old", daysAgo(40)), session("young", daysAgo(3))];
  house.write("user_sessions/sessions_1.csv", sessions.join("\n"));
  house.write("users_database.csv", users("Bonn"));
  house.write(
    "sales_a.csv",
    `${SALES_HEADER},vat\no1,p1,2,10,2026-01-01 10:00:00,\no2,p1,2,10,2026-01-01 10:00:00,0.5\n`,
  );
  await house.night("20260102T000000Z-0001");
  const cities = () => house.query("processed/joined/combined_sessions", "session_id || ' ' || user_city");
  expect(await cities()).toEqual(["old Bonn", "young Bonn"]);
  expect(await house.query("processed/enriched/sales", "order_id || ' ' || revenue_with_vat")).toEqual([
    "o1 25.0000",
    "o2 30.0000",
  ]);
  house.write("users_database.csv", users("Hue"));
  await house.night("20260103T000000Z-0002");
  expect(await cities()).toEqual(["old Bonn", "young Hue"]);
});
