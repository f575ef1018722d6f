import { readFileSync } from "node:fs";
import { packageRoot } from "../../lib/paths.js";

/** The part of JSON Schema that the configuration's schemas use. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

export interface ConfigKey {
  readonly path: string;
  readonly type: string;
  readonly default: string;
  readonly description: string;
}

const FILES = ["pipeline_config", "business_rules", "quality_thresholds", "data_schemas"] as const;

/** Every key of a configuration schema that carries a description, by its path (`feeds.<name>.options.delimiter`). */
export function configKeys(root: Schema): readonly ConfigKey[] {
  const keys = new Map<string, ConfigKey>();
  collect(root, "", root, keys, 0);
  return [...keys.values()];
}

function collect(
  schema: Schema,
  path: string,
  root: Schema,
  keys: Map<string, ConfigKey>,
  depth: number,
): void {
  if (depth > 12) return;
  const resolved = resolve(schema, root);
  const described = schema.description ?? resolved.description;
  if (path !== "" && described !== undefined && !keys.has(path)) {
    const standard = schema.default ?? resolved.default;
    keys.set(path, {
      path,
      type: typeOf(resolved, root),
      default: standard === undefined ? "" : `\`${JSON.stringify(standard)}\``,
      description: described,
    });
  }
  const below = (next: Schema, name: string) => collect(next, name, root, keys, depth + 1);
  for (const [name, property] of Object.entries(resolved.properties ?? {})) {
    below(property, path === "" ? name : `${path}.${name}`);
  }
  if (typeof resolved.additionalProperties === "object") {
    below(resolved.additionalProperties, path === "" ? "<name>" : `${path}.<name>`);
  }
  if (resolved.items !== undefined) below(resolved.items, `${path}[]`);
  for (const choice of [...(resolved.anyOf ?? []), ...(resolved.oneOf ?? [])]) below(choice, path);
}

function resolve(schema: Schema, root: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const target = root.$defs?.[schema.$ref.replace("#/$defs/", "")];
  if (target === undefined) throw new Error(`unknown $ref ${schema.$ref}`);
  return target;
}

function typeOf(schema: Schema, root: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined)
    return [...new Set(choices.map((choice) => typeOf(resolve(choice, root), root)))].join(" or ");
  if (schema.type === "array")
    return schema.items === undefined ? "list" : `list of ${typeOf(resolve(schema.items, root), root)}`;
  if (schema.type === "object") return "map";
  return typeof schema.type === "string" ? schema.type : (schema.type ?? ["any"]).join(" or ");
}

function table(keys: readonly ConfigKey[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = keys.map(
    (key) => `| \`${key.path}\` | ${cell(key.type)} | ${cell(key.default)} | ${cell(key.description)} |`,
  );
  return ["| key | type | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** docs/configuration.md as it must be. */
export function configurationPage(): string {
  const sections = FILES.map((name) => {
    const schema = JSON.parse(
      readFileSync(`${packageRoot}/config/schemas/${name}.schema.json`, "utf8"),
    ) as Schema;
    const extension = name === "data_schemas" ? "json" : "yaml";
    return `## ${name}.${extension}\n\n${schema.description ?? ""}\n\n${table(configKeys(schema))}\n`.replace(
      "\n\n\n\n",
      "\n\n",
    );
  });
  return `# Configuration

Four files, by default those of [\`config/\`](../config). A \`--config-dir\` may hold only some of them: a file that it
holds replaces the default whole, the defaults serve for the rest. A key that is unknown is an error that names its path
and the nearest known key. \`GRISTMILL_<KEY>\` in the environment overrides a setting of pipeline_config.yaml (nesting by
two underscores: \`GRISTMILL_ARCHIVE__ENABLED=false\`), and flags override both. A \`GRISTMILL_…\` variable that is not a
setting has no effect; the run says so, with the nearest name. Secrets come from the environment only.

This page is made from the schemas in \`config/schemas/\` (\`npx vitest run tests/docs -u\`).

${sections.join("\n")}`;
}
