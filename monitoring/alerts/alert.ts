import { join } from "node:path";
import type { AlertChannel, AlertsConfig } from "../../lib/config-types.js";
import { writeFileAtomic } from "../../lib/json-file.js";
import type { DataPaths } from "../../lib/paths.js";
import { writeRunFile } from "../../lib/run-file.js";
import type { RunFile } from "../../lib/run-types.js";
import { verdictOf } from "../dashboard/verdict.js";
import { readReport } from "../inputs/file-report.js";
import { readHistory } from "../inputs/history.js";
import { readRun } from "../inputs/run-files.js";
import { openAfter, readOpen, resolvedBy, writeOpen } from "./alert-state.js";
import { attemptFor, type DeliveryContext } from "./channels/channel.js";
import { deliver, type Outcome } from "./delivery.js";
import { findTroubles } from "./find-troubles.js";
import { composeMessage } from "./message.js";
import { isNews, newsFor } from "./routing.js";
import { type News, type OpenTrouble, severityRank, type Trouble } from "./trouble.js";

/** Share of the time for the messages themselves; the rest is left to tell of those that failed. */
const NEWS_SHARE = 0.7;

export interface AlertOutcome {
  readonly channel: string;
  readonly outcome: string;
}

export interface AlertEnvironment {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  /** What every command that a message names carries, such as ` --data-dir /srv/shop`. */
  readonly flags: string;
}

/**
 * Writes quality_alert.txt, tells every channel what it has not heard, and notes in the run file what became of it.
 * A failed delivery is told and never thrown.
 * @throws bad_flag for a run without a run file.
 */
export async function sendAlerts(
  paths: DataPaths,
  id: string,
  alerts: AlertsConfig,
  { environment, now, flags }: AlertEnvironment,
): Promise<readonly AlertOutcome[]> {
  const run = readRun(paths, id);
  const open = readOpen(paths, id);
  const troubles = findTroubles(run, (path) => readReport(paths, path), readHistory(paths, id), flags);
  writeAlertFile(paths, run, troubles, open, []);
  const { headline } = verdictOf(run);
  const told = new Map<string, News>();
  const newsMs = Math.ceil(alerts.timeout_seconds * 1_000 * NEWS_SHARE);
  const context = { paths, environment, now, deadline: performance.now() + newsMs };

  const outcomes = await Promise.all(
    alerts.channels.map(async (channel): Promise<Sent> => {
      const earlier = run.alerts.find((alert) => alert.channel === channel.name && isDone(alert.outcome));
      const news = newsFor(channel, run, troubles, open);
      if (earlier !== undefined) {
        told.set(channel.name, news);
        return { channel, ok: true, words: earlier.outcome };
      }
      if (!isNews(news)) return { channel, ok: true, words: "nothing to tell" };
      const envelope = {
        run,
        news,
        message: composeMessage(paths, run, headline, news),
        part: "news" as const,
      };
      const signal = AbortSignal.timeout(newsMs);
      const outcome = await deliver(attemptFor(channel, envelope, context), alerts.retries, signal);
      if (outcome.ok) told.set(channel.name, news);
      return { channel, ...outcome };
    }),
  );
  const failed = outcomes.filter(({ ok }) => !ok);
  if (failed.length > 0) await tellFailures(run, alerts, failed, outcomes, context);

  const knows = (key: string) =>
    [...told].filter(([, news]) => news.fresh.some((t) => t.key === key)).map(([name]) => name);
  writeOpen(paths, id, open, openAfter(run, open, troubles, knows));
  writeAlertFile(paths, run, [...troubles, ...failed.map(deliveryTrouble)], open, outcomes);
  const result = outcomes.map(({ channel, words }) => ({ channel: channel.name, outcome: words }));
  writeRunFile(paths, { ...readRun(paths, id), alerts: result });
  return result;
}

type Sent = Outcome & { readonly channel: AlertChannel };

function isDone(outcome: string): boolean {
  return outcome.startsWith("sent") || outcome.startsWith("written");
}

/** Tells the channels that work of those that do not, in what is left of the time. */
async function tellFailures(
  run: RunFile,
  alerts: AlertsConfig,
  failed: readonly Sent[],
  outcomes: readonly Sent[],
  known: DeliveryContext,
): Promise<void> {
  const budgetMs = Math.ceil(alerts.timeout_seconds * 1_000 * (1 - NEWS_SHARE));
  const context = { ...known, deadline: performance.now() + budgetMs };
  const news: News = { fresh: failed.map(deliveryTrouble), still: [], resolved: [] };
  const message = composeMessage(context.paths, run, "An alert could not be delivered.", news);
  const signal = AbortSignal.timeout(budgetMs);
  await Promise.all(
    outcomes
      .filter(({ ok }) => ok)
      .map(({ channel }) =>
        deliver(
          attemptFor(channel, { run, news, message, part: "deliveries" }, context),
          alerts.retries,
          signal,
        ),
      ),
  );
}

function deliveryTrouble({ channel, words }: Sent): Trouble {
  return {
    key: JSON.stringify(["delivery", channel.name]),
    kind: "delivery",
    source: null,
    severity: "error",
    subject: channel.name,
    detail: words,
    examples: [],
    remedy: "Mend the channel; its message is sent in full by the next run.",
    report: null,
  };
}

/** quality_alert.txt: `OK`, or everything that is wrong, for people without a channel. */
function writeAlertFile(
  paths: DataPaths,
  run: RunFile,
  troubles: readonly Trouble[],
  open: readonly OpenTrouble[],
  outcomes: readonly Sent[],
): void {
  const grave = troubles.filter(({ severity }) => severityRank[severity] >= severityRank.warn);
  const file = join(paths.quality, "quality_alert.txt");
  if (grave.length === 0) {
    writeFileAtomic(file, "OK\n");
    return;
  }
  const known = new Map(open.map((trouble) => [trouble.key, trouble.since]));
  const news: News = {
    fresh: grave.filter(({ key }) => !known.has(key)),
    still: grave.flatMap((trouble) => {
      const since = known.get(trouble.key);
      return since === undefined ? [] : [{ ...trouble, since }];
    }),
    resolved: resolvedBy(run, open, troubles),
  };
  const { text } = composeMessage(paths, run, verdictOf(run).headline, news);
  const deliveries = outcomes.map(({ channel, words }) => `Channel ${channel.name}: ${words}`);
  writeFileAtomic(file, [text.trimEnd(), ...deliveries, ""].join("\n"));
}
