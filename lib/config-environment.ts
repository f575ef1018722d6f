import { load } from "js-yaml";
import { GristmillError, messageOf } from "./errors.js";

const PREFIX = "GRISTMILL_";

/** Variables that steer the program itself and override no setting. */
export const controlVariables: ReadonlySet<string> = new Set([
  "GRISTMILL_RUN",
  "GRISTMILL_DATA_DIR",
  "GRISTMILL_CONFIG_DIR",
  "GRISTMILL_LOG_DIR",
  "GRISTMILL_CHECKED_CONFIG",
  "GRISTMILL_MASTER_PIPE",
  "GRISTMILL_DEBUG",
  "GRISTMILL_HASH_KEY",
  "GRISTMILL_SMTP_URL",
  "GRISTMILL_WEBHOOK_URL",
  "GRISTMILL_WEBHOOK_SECRET",
  "GRISTMILL_TEST_DATA",
  "GRISTMILL_REQUIRE_TEST_DATA",
  "GRISTMILL_SEED",
]);

export interface Override {
  readonly variable: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/** What the environment overrides: GRISTMILL_ARCHIVE__ENABLED=false is `archive.enabled`. Secrets are left out. */
export function environmentOverrides(
  environment: Readonly<Record<string, string | undefined>>,
  document: unknown,
): readonly Override[] {
  const secrets = secretNames(document);
  const overrides: Override[] = [];
  for (const variable of Object.keys(environment).sort()) {
    const text = environment[variable];
    if (text === undefined || !variable.startsWith(PREFIX)) continue;
    if (controlVariables.has(variable) || secrets.has(variable)) continue;
    const path = variable.slice(PREFIX.length).toLowerCase().split("__");
    overrides.push({ variable, path, value: parseValue(variable, text) });
  }
  return overrides;
}

/** A copy of the document with the overrides set. */
export function withOverrides(document: unknown, overrides: readonly Override[]): unknown {
  let result = document;
  for (const { path, value } of overrides) result = withValue(result, path, value);
  return result;
}

function withValue(document: unknown, path: readonly string[], value: unknown): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  const record = isRecord(document) ? document : {};
  const key = Object.keys(record).find((known) => known.toLowerCase() === segment) ?? segment;
  return { ...record, [key]: withValue(record[key], rest, value) };
}

function parseValue(variable: string, text: string): unknown {
  try {
    return text.trim() === "" ? "" : load(text);
  } catch (error) {
    throw new GristmillError(
      "bad_configuration",
      `the environment variable ${variable} has no readable value: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Every variable that a key ending in `_env` names, wherever it stands. */
function secretNames(document: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (isRecord(node)) {
      for (const [key, value] of Object.entries(node)) {
        if (key.endsWith("_env") && typeof value === "string") names.add(value);
        else visit(value);
      }
    }
  };
  visit(document);
  return names;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
