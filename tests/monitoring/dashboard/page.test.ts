import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { writeDashboard } from "../../../monitoring/dashboard/dashboard.js";
import { entry, finding, rule, runFile, runId, saveReport, saveRun, temporaryData } from "../fixtures.js";
import { saveTroubledShop } from "../shop.js";

const settings = { thresholds: { sales: 90, sessions: 95 }, flags: "" };

describe("the page of a troubled run", () => {
  let page = "";
  beforeAll(async () => {
    const paths = temporaryData();
    const { file } = await writeDashboard(paths, saveTroubledShop(paths), settings);
    page = readFileSync(file, "utf8");
  });

  test("is one file: it names no other host and loads nothing", () => {
    expect(page.match(/(?:src|srcset|action|data)\s*=\s*"/g) ?? []).toEqual([]);
    expect(page.match(/https?:\/\/[^"<\s]*/g) ?? []).toEqual([]);
    expect(page.match(/@import|url\((?!#)/g) ?? []).toEqual([]);
  });

  test("allows only its own style and script", () => {
    const policy =
      /Content-Security-Policy" content="([^"]*)"/
        .exec(page)?.[1]
        ?.replaceAll("&#x27;", "'")
        .replaceAll("&#x3D;", "=") ?? "";
    const hashed = (tag: string) => {
      const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? "";
      return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
    };
    expect(policy).toBe(
      `default-src 'none'; style-src ${hashed("style")}; script-src ${hashed("script")}; base-uri 'none'; form-action 'none'`,
    );
    expect(page.match(/<script/g)).toHaveLength(1);
    // style and event attributes would be refused by the policy
    expect(page.match(/<[^>]*\s(?:style|on\w+)="/g) ?? []).toEqual([]);
  });

  test("shows what stands in the data as text", () => {
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).toContain("&lt;img src");
    expect(page).toContain("&lt;script&gt;Lamp");
    expect(page).not.toMatch(/<img|<script>(?:alert|Lamp)/);
  });

  test("masks addresses in examples", () => {
    expect(page).not.toContain("10.1.2.3");
    expect(page).not.toContain("lan@service.vn");
  });

  test("has its verdict, its balance and its next commands", () => {
    expect(page).toContain("1 file could not be processed and 1 is held back.");
    // 200+0+10+4+310+3 quarantined, 800 held, 990+4310+60200+1200 accepted
    expect(page).toMatch(
      /<b>68,027<\/b> read = <b>66,700<\/b> accepted \+ <b>527<\/b> quarantined \+ <b>800<\/b> held/,
    );
    expect(page).toContain("✓ balances");
    expect(page).toContain("npx gristmill release sales/2026-01-30.csv");
    expect(page).toContain("since");
    // held on the 28th, 29th and 30th as well
    expect(page).toContain("2026-01-28 02:00 UTC");
  });

  test("shows errors and latency of the API by category", () => {
    const figure = (title: string) => page.split(`<h3>${title}`)[1]?.split("</article>")[0] ?? "";
    expect(figure("API latency by category")).toContain("<td>cart</td><td>8,000</td><td>180");
    // 90 of 8,000
    expect(figure("API errors by category")).toMatch(/<td>cart<\/td><td>90<\/td><td>1\.1\d* %/);
  });

  test("names every chart and table for those who do not see them", () => {
    const charts = page.match(/<svg class="(?:chart|spark)"[^>]*>/g) ?? [];
    expect(charts.length).toBeGreaterThan(8);
    for (const chart of charts) expect(chart).toMatch(/role="img" aria-label="[^"]{10,}"/);
    for (const table of page.match(/<table[\s\S]*?<\/table>/g) ?? []) {
      expect(table).toMatch(/<caption[^>]*>[^<]+/);
      expect(table).toMatch(/<th scope="col"/);
    }
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test("the page of a first run, without reports, trends, exports or stages", async () => {
  const paths = temporaryData();
  saveRun(paths, runFile(1, [entry("sales/a.csv")], { stages: {} }));
  const page = readFileSync((await writeDashboard(paths, runId(1), settings)).file, "utf8");
  expect(page).toContain("The data can be trusted.");
  expect(page).toContain("This is the first run");
  expect(page).toContain("No aggregated table has been exported yet.");
});

test("a file that could not be judged gets the step that helps it, and no release", async () => {
  const paths = temporaryData();
  const whole = { status: "held", records: 1, accepted: 0, quarantined: 1 } as const;
  const files = [entry("sales/cut.csv.gz", whole), entry("sales/old.csv", { ...whole, feed: "tills" })];
  for (const [index, code] of (["unreadable_file", "missing_column"] as const).entries())
    saveReport(paths, files[index] ?? entry(""), [rule({ code, rule: code, count: 1 })]);
  saveRun(paths, runFile(1, files));
  const page = readFileSync((await writeDashboard(paths, runId(1), settings)).file, "utf8");
  expect(page).not.toContain("gristmill release");
  expect(page).toContain("sales/cut.csv.gz cannot be read: have it sent again");
  expect(page).toMatch(/sales\/old\.csv lacks a required column: add .* columns of the feed tills/);
});

test("a file that does not add up is told before all else", async () => {
  const paths = temporaryData();
  saveRun(paths, runFile(1, [entry("sales/a.csv", { records: 1_001 })]));
  const { headline, file } = await writeDashboard(paths, runId(1), settings);
  expect(headline).toBe("Do not trust this run: 1 file does not add up.");
  expect(readFileSync(file, "utf8")).toContain("✕ off by 1");
});

test("5,000 files and a million refused records stay under 3 MB, and what is left out is counted", async () => {
  const paths = temporaryData();
  const name = (index: number) =>
    `sales/${"long-folder-name/".repeat(6)}${String(index).padStart(4, "0")}.csv`;
  const files = Array.from({ length: 5_000 }, (_, index) =>
    entry(name(index), { accepted: 800, quarantined: 200, status: index % 3 === 0 ? "held" : "published" }),
  );
  const findings = Array.from({ length: 2_000 }, (_, index) =>
    finding({ path: name(index), message: "m".repeat(2_000) }),
  );
  const unclaimed = Array.from({ length: 3_000 }, (_, index) => `strange/${index}`);
  saveRun(paths, runFile(1, files, { findings, unclaimed }));
  for (const [index, file] of files.entries()) {
    const raw = "x".repeat(2_000);
    const samples = [{ record: 1, line: 2, value: raw, raw }];
    saveReport(
      paths,
      file,
      [rule({ rule: `rule ${index % 400}`, count: 200, samples })],
      ["e".repeat(5_000)],
    );
  }
  const { bytes, file } = await writeDashboard(paths, runId(1), settings);
  expect(bytes).toBeLessThan(3_000_000);
  const page = readFileSync(file, "utf8");
  expect(page).toContain("4600 more files, none of them worse");
  expect(page).toContain("300 more rules");
  expect(page).toContain("1900 more findings");
  expect(page).toContain("2900 more are in");
  const statuses = [...page.matchAll(/<tr data-status="(\w+)"/g)].map(([, status]) => status);
  expect(new Set(statuses)).toEqual(new Set(["held"]));
}, 60_000);

test("a run drawn twice is one point of the trend", async () => {
  const paths = temporaryData();
  for (let day = 1; day <= 3; day += 1) saveRun(paths, runFile(day, [entry(`sales/${day}.csv`)]));
  await writeDashboard(paths, runId(3), settings);
  await writeDashboard(paths, runId(3), settings);
  const history = JSON.parse(readFileSync(join(paths.quality, "history.json"), "utf8"));
  expect(history.points.map((point: { run: string }) => point.run)).toEqual([runId(1), runId(2), runId(3)]);
});
