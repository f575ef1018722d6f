import { createRequire } from "node:module";
import { join } from "node:path";
import type { Ajv, ErrorObject, Options, Vocabulary } from "ajv";
import { closest } from "fastest-levenshtein";
import type { ConfigFileName } from "./config-files.js";
import { GristmillError } from "./errors.js";
import { readJson } from "./json-file.js";
import { packageRoot } from "./paths.js";

const SHOWN = 5;
const require = createRequire(import.meta.url);

/** Check one file against its own JSON Schema. `origin` names the source of a key path (a file or a variable). */
export function checkConfigFile(
  name: ConfigFileName,
  document: unknown,
  origin: (path: readonly string[]) => string,
): void {
  const schema = readJson<Record<string, unknown>>(
    join(packageRoot, "config", "schemas", `${name.replace(/\.[a-z]+$/, "")}.schema.json`),
  );
  const validate = compiler().compile({ ...schema, $schema: undefined, $id: undefined });
  if (validate(document) === true) return;
  const problems = tell(validate.errors ?? [], origin);
  throw new GristmillError("bad_configuration", problems.join("\n  "));
}

/** ajv without its meta-schemas, loaded only when there is something to check: they cost more than the check. */
function compiler(): Ajv {
  const { default: AjvCore } = require("ajv/dist/core.js") as { default: new (options: Options) => Ajv };
  const { default: keywords } = require("ajv/dist/vocabularies/draft7.js") as { default: Vocabulary[] };
  const ajv = new AjvCore({
    allErrors: true,
    verbose: true,
    meta: false,
    validateSchema: false,
    strict: false,
  });
  for (const vocabulary of keywords) ajv.addVocabulary(vocabulary);
  return ajv;
}

function tell(
  errors: readonly ErrorObject[],
  origin: (path: readonly string[]) => string,
): readonly string[] {
  const seen = new Set<string>();
  for (const error of errors) {
    if (error.keyword === "if" || isBranch(errors, error)) continue;
    const path = pathOf(error);
    const key = keyPath(path);
    seen.add(`${origin(path)}: ${key}${key === "" ? "" : ": "}${sentence(error, errors)}`);
  }
  const problems = [...seen];
  const rest = problems.length - SHOWN;
  return rest > 0 ? [...problems.slice(0, SHOWN), `and ${rest} more`] : problems;
}

/** What a branch of anyOf says is told with the anyOf itself, unless it speaks of something deeper. */
function isBranch(errors: readonly ErrorObject[], error: ErrorObject): boolean {
  if (error.keyword === "anyOf")
    return errors.some((other) => other.instancePath.startsWith(`${error.instancePath}/`));
  return branchesOf(errors, error.instancePath).includes(error);
}

function branchesOf(errors: readonly ErrorObject[], path: string): readonly ErrorObject[] {
  const whole = errors.find((error) => error.keyword === "anyOf" && error.instancePath === path);
  if (whole === undefined) return [];
  return errors.filter(
    (error) => error.instancePath === path && error.schemaPath.startsWith(`${whole.schemaPath}/`),
  );
}

function pathOf(error: ErrorObject): readonly string[] {
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
  const extra = error.params["additionalProperty"] ?? error.params["missingProperty"];
  return typeof extra === "string" ? [...path, extra] : path;
}

/** `feeds.sales.files[0]`. */
function keyPath(path: readonly string[]): string {
  return path.reduce((text, key) => {
    if (/^[0-9]+$/.test(key)) return `${text}[${key}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

function sentence(error: ErrorObject, errors: readonly ErrorObject[]): string {
  if (error.keyword === "additionalProperties") {
    const known = Object.keys((error.parentSchema?.["properties"] as object | undefined) ?? {});
    const name = String(error.params["additionalProperty"]);
    return known.length === 0 ? "unknown key" : `unknown key; did you mean ${closest(name, known)}?`;
  }
  if (error.keyword === "required") return "is missing";
  if (error.keyword === "enum") {
    const allowed = (error.params["allowedValues"] as readonly unknown[]).map((v) => JSON.stringify(v));
    return `is ${shown(error.data)}, must be one of ${allowed.join(", ")}`;
  }
  if (error.keyword === "anyOf") {
    const ways = branchesOf(errors, error.instancePath).map((branch) => branch.message ?? "not valid");
    return `is ${shown(error.data)}, ${[...new Set(ways)].join(" or ")}`;
  }
  return `is ${shown(error.data)}, ${error.message ?? "not valid"}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
