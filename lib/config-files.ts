import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { distance } from "fastest-levenshtein";
import { load } from "js-yaml";
import { GristmillError, messageOf, systemCode } from "./errors.js";
import { packageRoot } from "./paths.js";

export type ConfigFileName =
  | "pipeline_config.yaml"
  | "data_schemas.json"
  | "business_rules.yaml"
  | "quality_thresholds.yaml";

export const configFileNames: readonly ConfigFileName[] = [
  "pipeline_config.yaml",
  "data_schemas.json",
  "business_rules.yaml",
  "quality_thresholds.yaml",
];

/** One configuration file, parsed but not yet checked. */
export interface ConfigFile {
  readonly name: ConfigFileName;
  /** True when it came from --config-dir, false for the default that serves in its place. */
  readonly given: boolean;
  readonly text: string;
  readonly document: unknown;
}

/** The four files: those in the folder, the defaults for the rest. */
export function readConfigFiles(configDir: string | null): Readonly<Record<ConfigFileName, ConfigFile>> {
  if (configDir !== null) refuseNearMisses(configDir);
  const read = (name: ConfigFileName): ConfigFile => {
    const given = configDir === null ? null : textIfThere(join(configDir, name));
    const text = given ?? textIfThere(join(packageRoot, "config", name)) ?? "{}";
    return { name, given: given !== null, text, document: parse(name, text) };
  };
  return {
    "pipeline_config.yaml": read("pipeline_config.yaml"),
    "data_schemas.json": read("data_schemas.json"),
    "business_rules.yaml": read("business_rules.yaml"),
    "quality_thresholds.yaml": read("quality_thresholds.yaml"),
  };
}

function parse(name: ConfigFileName, text: string): unknown {
  try {
    if (name.endsWith(".json")) return JSON.parse(text);
    return text.trim() === "" ? {} : (load(text) ?? {});
  } catch (error) {
    throw new GristmillError("bad_configuration", `${name} cannot be parsed: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A file whose name is almost one of ours would be passed over in silence: refuse it. */
function refuseNearMisses(configDir: string): void {
  for (const name of list(configDir)) {
    if ((configFileNames as readonly string[]).includes(name) || !/\.(ya?ml|json)$/i.test(name)) continue;
    const near = configFileNames.find((known) => distance(known, name.toLowerCase()) <= 3);
    if (near !== undefined) {
      throw new GristmillError(
        "bad_configuration",
        `${join(configDir, name)} is not read under this name: call it ${near}`,
      );
    }
  }
}

function list(configDir: string): readonly string[] {
  try {
    return readdirSync(configDir);
  } catch (error) {
    throw new GristmillError(
      "bad_configuration",
      `cannot read --config-dir ${configDir}: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

function textIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw new GristmillError("bad_configuration", `cannot read ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
