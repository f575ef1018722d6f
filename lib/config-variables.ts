import { join } from "node:path";
import { closest } from "fastest-levenshtein";
import { controlVariables, environmentOverrides, type Override } from "./config-environment.js";
import { readConfigFiles } from "./config-files.js";
import { readJson } from "./json-file.js";
import { packageRoot } from "./paths.js";

/** The part of JSON Schema that tells which keys there are. */
interface KeySchema {
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly additionalProperties?: KeySchema | boolean;
  readonly anyOf?: readonly KeySchema[];
  readonly oneOf?: readonly KeySchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, KeySchema>>;
}

/** Overrides whose key path is a setting, and the variables that name none. */
export function knownOverrides(overrides: readonly Override[]): {
  readonly known: readonly Override[];
  readonly unknown: readonly string[];
} {
  if (overrides.length === 0) return { known: [], unknown: [] };
  const root = pipelineSchema();
  const isKnown = ({ path }: Override): boolean => hasPath(root, path, root);
  return {
    known: overrides.filter(isKnown),
    unknown: overrides.filter((override) => !isKnown(override)).map(({ variable }) => variable),
  };
}

/**
 * A sentence per GRISTMILL_ variable that is not a setting: it has no effect, and is most often a slip of the pen.
 * Throws bad_configuration for files that cannot be read.
 */
export function variableWarnings(from: {
  readonly configDir: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): readonly string[] {
  const { document } = readConfigFiles(from.configDir)["pipeline_config.yaml"];
  const { unknown } = knownOverrides(environmentOverrides(from.environment, document));
  if (unknown.length === 0) return [];
  const names = [...controlVariables, ...settingVariables(pipelineSchema())];
  return unknown.map(
    (variable) => `${variable} is not a setting and has no effect; did you mean ${closest(variable, names)}?`,
  );
}

function pipelineSchema(): KeySchema {
  return readJson<KeySchema>(join(packageRoot, "config", "schemas", "pipeline_config.schema.json"));
}

function hasPath(schema: KeySchema, path: readonly string[], root: KeySchema): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  const { properties, additionalProperties, anyOf = [], oneOf = [] } = resolved(schema, root);
  const name = Object.keys(properties ?? {}).find((one) => one.toLowerCase() === key);
  const next = name === undefined ? undefined : properties?.[name];
  if (next !== undefined) return hasPath(next, rest, root);
  if (typeof additionalProperties === "object") return hasPath(additionalProperties, rest, root);
  return [...anyOf, ...oneOf].some((branch) => hasPath(branch, path, root));
}

function resolved(schema: KeySchema, root: KeySchema): KeySchema {
  const name = schema.$ref?.replace("#/$defs/", "");
  return name === undefined ? schema : (root.$defs?.[name] ?? schema);
}

/** The settings of the first two levels, as variables. */
function settingVariables(root: KeySchema): readonly string[] {
  return Object.entries(root.properties ?? {}).flatMap(([name, schema]) => {
    const below = Object.keys(resolved(schema, root).properties ?? {});
    return [name, ...below.map((key) => `${name}__${key}`)].map((key) => `GRISTMILL_${key.toUpperCase()}`);
  });
}
