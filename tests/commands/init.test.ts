import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandContext } from "../../commands/command.js";
import { command as init } from "../../commands/init.js";
import { compileContract } from "../../contracts/contract.js";
import { loadConfig } from "../../lib/config.js";
import { dataPaths } from "../../lib/paths.js";
import { claims } from "../../processing/discovery/claims.js";

let folder = "";
let printed: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gristmill-init-test-"));
  printed = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function run(...args: readonly string[]): Promise<number> {
  const config = loadConfig({ configDir: null, environment: {} });
  const context: CommandContext = {
    paths: dataPaths(join(folder, "data")),
    configDir: null,
    json: false,
    print: (line) => printed.push(line),
    config: () => config,
    run: () => "none",
    log: () => {
      throw new Error("init is no stage");
    },
  };
  return init.execute(context, {}, args);
}

const till = (order: string, quantity: string, time: string) =>
  `OrderNo;StockCode;${quantity};InvoiceDate;UnitPrice\n${order};A;6;${time};2,55\n${order}b;D;1;${time};1,50\n`;

test("files of one kind share a feed, whose later header is known; a file like none gets a source of its own", async () => {
  write("shop/raw/tills/2026-01-30/till_1.csv", till("o1", "Quantity", "13.01.2026 08:26"));
  write("shop/raw/tills/2026-01-31/till_1.csv", till("o2", "Qty", "31.01.2026 08:26"));
  write("shop/raw/empty.csv", "");
  write("shop/raw/more.zip", "PK");
  write("shop/raw/tills/2026-02-01/till_1.csv.part", "still");
  const returns = write("Returns 2026.csv", "Return No,Amount\nR-1,19.90\nR-2,7.25\n");
  expect(await run(join(folder, "shop"), returns)).toBe(0);
  expect(readFileSync(join(folder, "shop/raw/Returns 2026.csv"), "utf8")).toContain("R-2,7.25");

  const configDir = join(folder, "shop", "config");
  expect(readdirSync(configDir).sort()).toEqual([
    "business_rules.yaml",
    "data_schemas.json",
    "pipeline_config.yaml",
    "quality_thresholds.yaml",
  ]);
  const config = loadConfig({ configDir, environment: {} });
  expect(Object.values(config.feeds).map(({ source, files }) => [source, files])).toEqual([
    ["returns", ["Returns *.csv"]],
    ["sales", ["tills/????-??-??/till_*.csv"]],
  ]);
  expect(config.feeds["till"]?.columns).toMatchObject({ Quantity: "quantity", Qty: "quantity" });
  expect(config.feeds["till"]?.options).toMatchObject({ delimiter: ";", decimal: "," });
  expect(config.rules["sales"]?.columns["product_id"]?.references).toBeUndefined();
  expect(compileContract(config, "returns").columns.map(({ name }) => name)).toEqual(["return_no", "amount"]);
  compileContract(config, "sales");
  const claim = claims(config);
  expect(claim("tills/2026-02-14/till_7.csv")?.source).toBe("sales");
  const said = printed.join("\n");
  expect(said).toContain("empty.csv is left out: it holds no record");
  expect(said).toContain("more.zip is left out: a zip is not looked into");
  expect(said).toContain(`pipeline_master.sh --data-dir ${folder}/shop --config-dir ${configDir}`);
});

test("nothing is ever overwritten, and nothing is left where it refuses", async () => {
  const sales = write(
    "sales.csv",
    "order_id,product_id,quantity,unit_price,sold_at\no1,p1,1,2.50,2026-01-01 10:00:00\n",
  );
  const project = join(folder, "p");
  await expect(run(project)).rejects.toMatchObject({ code: "not_readable", exitCode: 78 });
  expect(existsSync(join(project, "config"))).toBe(false);
  await expect(run(project, join(folder, "nothing.csv"))).rejects.toMatchObject({ code: "unknown_path" });
  write("p/raw/sales.csv", "mine");
  await expect(run(project, sales)).rejects.toMatchObject({ code: "bad_flag", exitCode: 78 });
  expect(readFileSync(join(project, "raw/sales.csv"), "utf8")).toBe("mine");
  rmSync(join(project, "raw/sales.csv"));
  expect(await run(project, sales)).toBe(0);
  write("p/config/business_rules.yaml", "{}");
  await expect(run(project)).rejects.toMatchObject({ code: "bad_flag" });
  expect(readFileSync(join(project, "config/business_rules.yaml"), "utf8")).toBe("{}");
});

test("two kinds of file whose names fit one glob are claimed by one feed each", async () => {
  const events =
    "event_time,event_type,user_id,price\n2026-01-01 10:00:00,view,u1,2.5\n2026-01-01 10:00:01,view,u2,3.5\n";
  write("p/raw/export_1.csv", events);
  write(
    "p/raw/export_a.csv",
    "product_id,name,category,price,cost,stock,brand,created_at,is_active,rating,review_count\n" +
      "p1,Cup,x,1.5,1,5,b,2026-01-01 00:00:00,true,4,1\n",
  );
  expect(await run(join(folder, "p"))).toBe(0);
  const config = loadConfig({ configDir: join(folder, "p", "config"), environment: {} });
  const claim = claims(config);
  expect(["export_1.csv", "export_a.csv", "export_2.csv"].map((path) => claim(path)?.source)).toEqual([
    "events",
    "products",
    undefined,
  ]);
});
