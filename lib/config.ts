import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { checkConfigFile } from "./config-check.js";
import { environmentOverrides, type Override, withOverrides } from "./config-environment.js";
import { feedConfig } from "./config-feeds.js";
import { configFileNames, readConfigFiles } from "./config-files.js";
import { checkLinks } from "./config-links.js";
import { type RawThresholds, sourceThresholds } from "./config-rules.js";
import { type RawPipeline, settingsOf } from "./config-settings.js";
import { rulesOf, sourcesOf } from "./config-sources.js";
import type { Config, JsonSchema } from "./config-types.js";
import { knownOverrides } from "./config-variables.js";

type Files = ReturnType<typeof readConfigFiles>;
const PIPELINE = "pipeline_config.yaml";

/**
 * The configuration: the files of `configDir`, the defaults for those it does not hold, overridden by
 * GRISTMILL_<KEY> where there is such a setting; checked and frozen. Throws bad_configuration with file, key path and the nearest known key.
 */
export function loadConfig(from: {
  readonly configDir: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Config {
  const configDir = from.configDir === null ? null : resolve(from.configDir);
  const files = readConfigFiles(configDir);
  const { known: overrides } = knownOverrides(
    environmentOverrides(from.environment, files[PIPELINE].document),
  );
  const pipeline = withOverrides(files[PIPELINE].document, overrides);
  const fingerprint = fingerprintOf(files, overrides);
  // a stage of a run need not check again what discover has checked
  if (from.environment["GRISTMILL_CHECKED_CONFIG"] !== fingerprint) checkFiles(files, pipeline, overrides);
  const config = assemble(files, pipeline as RawPipeline, { configDir, fingerprint });
  checkLinks(config);
  return freeze(config);
}

function fingerprintOf(files: Files, overrides: readonly Override[]): string {
  const hash = createHash("sha256");
  for (const name of configFileNames) hash.update(`${name}\0${files[name].text}\0`);
  return hash.update(JSON.stringify(overrides)).digest("hex");
}

/** The defaults are checked by the tests, the rest here. */
function checkFiles(files: Files, pipeline: unknown, overrides: readonly Override[]): void {
  for (const name of configFileNames) {
    const overridden = name === PIPELINE && overrides.length > 0;
    if (!files[name].given && !overridden) continue;
    checkConfigFile(name, name === PIPELINE ? pipeline : files[name].document, (path) => {
      const by = overridden && overrides.find((o) => o.path.every((key, i) => key === path[i]));
      return by ? by.variable : name;
    });
  }
}

function assemble(
  files: Files,
  pipeline: RawPipeline,
  origin: Pick<Config, "configDir" | "fingerprint">,
): Config {
  const {
    $defs,
    $schema: _dialect,
    $comment: _comment,
    ...schemas
  } = files["data_schemas.json"].document as Record<string, JsonSchema>;
  const sources = sourcesOf(pipeline);
  const sections = settingsOf(pipeline);
  const rawThresholds = files["quality_thresholds.yaml"].document as RawThresholds;
  const listed = files["quality_thresholds.yaml"].given ? Object.keys(rawThresholds.thresholds ?? {}) : [];
  return {
    ...sections,
    sources,
    feeds: Object.fromEntries(
      Object.entries(pipeline.feeds ?? {}).map(([name, feed]) => [name, feedConfig(name, feed)]),
    ),
    schemas,
    defs: ($defs ?? {}) as Record<string, JsonSchema>,
    rules: rulesOf(files["business_rules.yaml"], sources, schemas),
    ...sourceThresholds(
      [...new Set([...Object.keys(sources), ...listed])],
      rawThresholds,
      sections.settings.quality_threshold,
    ),
    ...origin,
  };
}

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const item of Object.values(value)) freeze(item);
  return Object.freeze(value);
}
