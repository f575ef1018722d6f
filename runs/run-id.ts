import { randomBytes } from "node:crypto";

/** Id of a run that starts now: by the clock in UTC, and always after the newest run, however the clock jumped. */
export function nextRunId(now: Date, newest: string | null): string {
  const stamp = stampOf(now);
  const last = newest?.slice(0, stamp.length) ?? "";
  const next = stamp > last ? stamp : stampOf(new Date(timeOf(last) + 1_000));
  return `${next}-${randomBytes(2).toString("hex")}`;
}

function stampOf(time: Date): string {
  return time.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

function timeOf(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** Id of something that is done to the tables outside a run: `<stamp>-release-<hex>`. */
export function operationId(now: Date, what: "release" | "rollback"): string {
  return `${stampOf(now)}-${what}-${randomBytes(2).toString("hex")}`;
}
