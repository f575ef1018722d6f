import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeDashboard } from "../../../monitoring/dashboard/dashboard.js";
import {
  entry,
  rule,
  runFile,
  runId,
  saveReport,
  saveRun,
  temporaryData,
} from "../../monitoring/fixtures.js";
import { saveTroubledShop } from "../../monitoring/shop.js";
import { artifacts, openBrowser, openPage, violations } from "./open-page.js";

const settings = { thresholds: { sales: 90, sessions: 95, api_logs: 97 }, flags: "" };

async function troubled(): Promise<string> {
  const paths = temporaryData();
  return (await writeDashboard(paths, saveTroubledShop(paths), settings)).file;
}
async function first(): Promise<string> {
  const paths = temporaryData();
  saveRun(paths, runFile(1, [entry("sales/a.csv")]));
  return (await writeDashboard(paths, runId(1), settings)).file;
}
async function large(): Promise<string> {
  const paths = temporaryData();
  const files = Array.from({ length: 5_000 }, (_, index) =>
    entry(`sales/day-${String(index).padStart(4, "0")}.csv`, { accepted: 800, quarantined: 200 }),
  );
  saveRun(paths, runFile(1, files));
  for (const [index, file] of files.entries())
    saveReport(paths, file, [rule({ rule: `rule ${index % 150}`, count: 200 })]);
  return (await writeDashboard(paths, runId(1), settings)).file;
}

let browser: Browser;
const pages: Record<string, string> = {};
beforeAll(async () => {
  browser = await openBrowser();
  Object.assign(pages, { troubled: await troubled(), first: await first(), large: await large() });
  const sample = process.env["SAMPLE_PAGE"] ?? "";
  if (sample !== "" && existsSync(sample)) pages["sample"] = sample;
});
afterAll(() => browser.close());

const names = ["troubled", "first", "large", ...(process.env["SAMPLE_PAGE"] === undefined ? [] : ["sample"])];
const looks = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { colorScheme: "light", viewport: { width: 375, height: 800 }, deviceScaleFactor: 2 },
} as const;

describe.each(names)("the page %s", (name) => {
  test.each(
    Object.entries(looks),
  )("%s: quiet, at once, without a serious violation, not too wide", async (look, options) => {
    const { page, noise, milliseconds } = await openPage(browser, pages[name] ?? "", options);
    expect(noise).toEqual([]);
    expect(milliseconds).toBeLessThan(5_000);
    expect(await violations(page)).toEqual([]);
    const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(wide).toBeLessThanOrEqual(width ?? 0);
    await page.screenshot({ path: join(artifacts, `${name}-${look}.png`), fullPage: name !== "large" });
    await page.context().close();
  });

  test("on paper", async () => {
    const { page, noise } = await openPage(browser, pages[name] ?? "");
    await page.emulateMedia({ media: "print" });
    expect(noise).toEqual([]);
    expect(await page.locator("nav").isVisible()).toBe(false);
    await page.pdf({ path: join(artifacts, `${name}-print.pdf`), format: "A4" });
    await page.setViewportSize({ width: 794, height: 1_123 });
    await page.screenshot({ path: join(artifacts, `${name}-print.png`), fullPage: name !== "large" });
    await page.context().close();
  });
});

describe("the troubled page", () => {
  test("filters by status, searches and counts", async () => {
    const { page } = await openPage(browser, pages["troubled"] ?? "");
    const rows = page.locator("#files-table tbody tr:visible");
    expect(await rows.count()).toBe(7);
    await page.locator("[data-filter=files-table]").selectOption("held");
    expect(await rows.allInnerTexts()).toEqual([expect.stringContaining("sales/2026-01-30.csv")]);
    await page.locator("[data-filter=files-table]").selectOption("");
    await page.locator("[data-search=files-table]").fill("SESSIONS");
    expect(await rows.count()).toBe(1);
    expect(await page.locator("[data-count=files-table]").innerText()).toBe("1 of 7 lines");
    await page.context().close();
  });

  test("sorts by number, both ways, by keyboard", async () => {
    const { page } = await openPage(browser, pages["troubled"] ?? "");
    const column = async () => {
      const texts = await page.locator("#files-table tbody tr td:nth-child(6)").allInnerTexts();
      return texts.map((text) => Number(text.replaceAll(",", "")));
    };
    const button = page.locator("#files-table th button", { hasText: "records" });
    await button.focus();
    await page.keyboard.press("Enter");
    const up = await column();
    expect(up).toEqual(up.toSorted((a, b) => a - b));
    expect(new Set(up).size).toBeGreaterThan(3);
    await page.keyboard.press("Enter");
    expect(await column()).toEqual(up.toReversed());
    expect(await page.locator("#files-table th[aria-sort=descending]").innerText()).toContain("records");
    await page.context().close();
  });

  test("can be read without its script", async () => {
    const { page } = await openPage(browser, pages["troubled"] ?? "", { javaScriptEnabled: false });
    expect(await page.locator("h1").innerText()).toContain("could not be processed");
    expect(await page.locator("#files-table tbody tr").count()).toBe(7);
    expect(await page.locator(".tools").first().isVisible()).toBe(false);
    await page.context().close();
  });

  test("runs nothing that came with the data", async () => {
    const { page, noise } = await openPage(browser, pages["troubled"] ?? "");
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await page.locator("img, iframe, object, script").count()).toBe(1);
    expect(noise).toEqual([]);
    await page.context().close();
  });
});
