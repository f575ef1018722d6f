import type { AlertChannel } from "../../lib/config-types.js";
import type { RunFile } from "../../lib/run-types.js";
import { resolvedBy } from "./alert-state.js";
import { type News, type OpenTrouble, severityRank, type Trouble } from "./trouble.js";

/** What one channel hears of this run: only its sources and severities; news it has not heard in full, the rest short. */
export function newsFor(
  channel: AlertChannel,
  run: RunFile,
  troubles: readonly Trouble[],
  open: readonly OpenTrouble[],
): News {
  const known = new Map(open.filter(({ told }) => told.includes(channel.name)).map((t) => [t.key, t]));
  const mine = troubles.filter((trouble) => concerns(channel, trouble));
  return {
    fresh: mine.filter(({ key }) => !known.has(key)),
    still: mine.flatMap((trouble) => {
      const since = known.get(trouble.key)?.since;
      return since === undefined ? [] : [{ ...trouble, since }];
    }),
    resolved: resolvedBy(run, open, troubles).filter(({ told }) => told.includes(channel.name)),
  };
}

export function isNews(news: News): boolean {
  return news.fresh.length + news.still.length + news.resolved.length > 0;
}

function concerns(channel: AlertChannel, trouble: Trouble): boolean {
  if (severityRank[trouble.severity] < severityRank[channel.min_severity ?? "warn"]) return false;
  const sources = channel.sources ?? [];
  return sources.length === 0 || (trouble.source !== null && sources.includes(trouble.source));
}
