import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../lib/paths.js";
import type { Result } from "./race.js";
import { type Bar, holds, quotient, type WorkReport } from "./work.js";

/** Write bench.json and bench.md; returns the Markdown. */
export function writeReport(
  folder: string,
  reports: readonly WorkReport[],
  about: { readonly quick: boolean },
): string {
  const machine = machineText();
  const text = [
    `${new Date().toISOString().slice(0, 10)} · ${machine}${about.quick ? " · quick look at a tenth of the data" : ""}`,
    "",
    ...reports.flatMap(workLines),
  ].join("\n");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bench.md"), text);
  writeFileSync(join(folder, "bench.json"), `${JSON.stringify({ machine, ...about, reports }, null, 1)}\n`);
  return text;
}

function workLines(report: WorkReport): readonly string[] {
  const first = report.results[0];
  return [
    `### ${report.title} (${report.rows.toLocaleString("en")} ${report.unit})`,
    "",
    `| | wall s | CPU s | peak MB | ${report.unit}/s | × ours |`,
    "|---|---|---|---|---|---|",
    ...report.results.map((result) => resultLine(result, first, report.rows)),
    "",
    ...report.bars.map(barLine),
    "",
  ];
}

function resultLine(result: Result, ours: Result | undefined, rows: number): string {
  if (result.seconds === null) return `| ${result.name} | ${result.failure ?? "not run"} | | | | |`;
  const cells = [
    result.seconds.toFixed(2),
    result.cpuSeconds?.toFixed(2),
    result.peakRssMb?.toFixed(0),
    Math.round(rows / result.seconds).toLocaleString("en"),
    quotient(result.seconds, ours?.seconds)?.toFixed(2) ?? "",
  ];
  return `| ${result.name} | ${cells.join(" | ")} |`;
}

function barLine(bar: Bar): string {
  const found = bar.found === null ? "not measured" : `${rounded(bar.found)} ${bar.unit}`;
  return `- ${holds(bar) ? "holds" : "OPEN"}: ${bar.what}: ${found} (${bar.sense} ${rounded(bar.limit)} ${bar.unit})`;
}

function rounded(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en") : String(Math.round(value * 100) / 100);
}

function machineText(): string {
  const model = cpus()[0]?.model ?? "unknown CPU";
  const lock = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  return [
    `${availableParallelism()} × ${model}, ${gib} GiB`,
    execFileSync("uname", ["-sr"], { encoding: "utf8" }).trim(),
    `Node ${process.versions.node}`,
    `@duckdb/node-api ${lock.dependencies["@duckdb/node-api"]}`,
  ].join(" · ");
}
