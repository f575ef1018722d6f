import { join } from "node:path";
import { writeFileAtomic } from "../../lib/json-file.js";
import type { DataPaths } from "../../lib/paths.js";
import { readExport } from "../inputs/exports.js";
import { readReports } from "../inputs/file-report.js";
import { readHistory, trendPoint, writeHistory } from "../inputs/history.js";
import { earlierRuns, readRun, stagesSoFar } from "../inputs/run-files.js";
import { type ChartDrawer, chartDrawer } from "./charts/svg-chart.js";
import type { DashboardInput } from "./input.js";
import { keptFigures } from "./kept-figures.js";
import { pageModel } from "./page-model.js";
import { renderPage } from "./render-page.js";
import { businessFigures } from "./sections/business.js";
import { verdictOf } from "./verdict.js";

/** Earlier run files whose profiles the drift section compares with. */
const PROFILE_RUNS = 10;

export interface WrittenDashboard {
  readonly file: string;
  readonly bytes: number;
  readonly headline: string;
}

/**
 * Writes quality/dashboard.html of a run and its point in quality/history.json.
 * @throws bad_flag for a run without a run file.
 */
export async function writeDashboard(
  paths: DataPaths,
  run: string,
  settings: Pick<DashboardInput, "thresholds" | "flags">,
): Promise<WrittenDashboard> {
  const input = readInput(paths, run, settings);
  const page = await renderPage(pageModel(input));
  const file = join(paths.quality, "dashboard.html");
  writeFileAtomic(file, page);
  writeHistory(paths, input.trend);
  return { file, bytes: Buffer.byteLength(page), headline: verdictOf(input.run).headline };
}

function readInput(
  paths: DataPaths,
  id: string,
  settings: Pick<DashboardInput, "thresholds" | "flags">,
): DashboardInput {
  const run = readRun(paths, id);
  const reports = readReports(paths, run.files);
  return {
    run,
    reports,
    trend: [...readHistory(paths, id), trendPoint(run, reports)],
    earlier: earlierRuns(paths, id)
      .slice(-PROFILE_RUNS)
      .map((earlier) => readRun(paths, earlier)),
    stages: stagesSoFar(paths, run),
    ...settings,
    figures: keptFigures(paths, () => businessFigures((table) => readExport(paths, table), lazyDrawer())),
  };
}

function lazyDrawer(): () => ChartDrawer {
  let drawer: ChartDrawer | null = null;
  return () => {
    drawer ??= chartDrawer();
    return drawer;
  };
}
