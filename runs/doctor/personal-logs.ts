import type { Config } from "../../lib/config-types.js";
import { GristmillError, messageOf } from "../../lib/errors.js";
import type { DataPaths } from "../../lib/paths.js";
import { tablesWithPersonalLogs } from "../personal-logs.js";
import type { DoctorFinding } from "./findings.js";

/** Whether logs of tables, written by an earlier version, still tell names or addresses as statistics. */
export async function checkPersonalLogs(load: () => Config, paths: DataPaths): Promise<DoctorFinding> {
  const check = "personal values";
  try {
    const tables = await tablesWithPersonalLogs(load(), paths);
    if (tables.length === 0) return { check, state: "ok", detail: "no log tells any", remedy: null };
    return {
      check,
      state: "warn",
      detail: `the logs of ${tables.join(", ")} tell least and greatest values of personal columns`,
      remedy: "run the pipeline once with --rebuild: it takes them out of every version",
    };
  } catch (error) {
    // the configuration has a finding of its own
    const isConfig = error instanceof GristmillError && error.code === "bad_configuration";
    if (isConfig)
      return { check, state: "ok", detail: "not looked at: the configuration is bad", remedy: null };
    return { check, state: "bad", detail: messageOf(error), remedy: "correct what the message names" };
  }
}
