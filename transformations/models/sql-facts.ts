import type { Engine } from "../../engines/engine.js";
import { GristmillError } from "../../lib/errors.js";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** What a statement reads, as its parse tree tells. */
export interface SqlFacts {
  readonly tree: JsonObject;
  /** `layer.relation`, in the order of their first appearance in the FROM clauses. */
  readonly inputs: readonly string[];
  /** Relation → columns of it that the statement names. */
  readonly uses: ReadonlyMap<string, ReadonlySet<string>>;
  readonly functions: ReadonlySet<string>;
  /** The relation on the left of the outermost FROM, whose partitions the result follows; null = there is none. */
  readonly driver: string | null;
}

/** Parse one SELECT. Throws bad_model when it is none. */
export async function sqlFacts(engine: Engine, file: string, sql: string): Promise<SqlFacts> {
  const rows = await engine.all("select json_serialize_sql(cast(? as varchar)) as tree", [sql]);
  const parsed = JSON.parse(String(rows[0]?.["tree"])) as JsonObject;
  const statements = parsed["statements"];
  if (parsed["error"] === true || !Array.isArray(statements) || statements.length !== 1) {
    const message = parsed["error"] === true ? String(parsed["error_message"]) : "more than one statement";
    throw new GristmillError("bad_model", `${file}: not one SELECT: ${message}`);
  }
  const tree = (statements[0] as JsonObject)["node"] as JsonObject;
  const found: Collected = { inputs: [], uses: new Map(), functions: new Set() };
  visit(tree, [], found);
  return { tree, ...found, driver: driverOf(tree) };
}

/** A name that stands for a CTE or subquery is followed into it. */
function driverOf(query: Json): string | null {
  if (!isObject(query) || query["type"] !== "SELECT_NODE") return null;
  let from = query["from_table"] ?? null;
  while (isObject(from) && from["type"] === "JOIN") from = from["left"] ?? null;
  if (!isObject(from)) return null;
  if (from["type"] === "SUBQUERY") return driverOf(nodeOf(from["subquery"] ?? null));
  if (from["type"] !== "BASE_TABLE") return null;
  if (from["schema_name"] !== "") return relationName(from);
  const ctes = isObject(query["cte_map"] ?? null) ? (query["cte_map"] as JsonObject)["map"] : [];
  const cte = (ctes as readonly JsonObject[]).find(
    (entry) => entry["key"] === (from as JsonObject)["table_name"],
  );
  return cte === undefined ? null : driverOf(nodeOf((cte["value"] as JsonObject)["query"] ?? null));
}

function nodeOf(statement: Json): Json {
  return isObject(statement) ? (statement["node"] ?? null) : null;
}

interface Collected {
  readonly inputs: string[];
  readonly uses: Map<string, Set<string>>;
  readonly functions: Set<string>;
}
/** Alias → relation (null for a CTE or subquery), innermost query last. */
type Scope = ReadonlyMap<string, string | null>;

function visit(node: Json, scopes: readonly Scope[], found: Collected): void {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, scopes, found);
    return;
  }
  if (!isObject(node)) return;
  let inner = scopes;
  if (node["type"] === "SELECT_NODE") {
    const scope = new Map<string, string | null>();
    fromClause(node["from_table"] ?? null, scope);
    inner = [...scopes, scope];
  }
  if (node["type"] === "BASE_TABLE" && node["schema_name"] !== "") {
    const name = relationName(node);
    if (!found.inputs.includes(name)) found.inputs.push(name);
  }
  if (node["class"] === "COLUMN_REF") column(node["column_names"] as readonly string[], inner, found);
  if (node["class"] === "FUNCTION" || node["class"] === "WINDOW")
    found.functions.add(String(node["function_name"]).toLowerCase());
  for (const child of Object.values(node)) visit(child, inner, found);
}

function fromClause(node: Json, scope: Map<string, string | null>): void {
  if (!isObject(node)) return;
  if (node["type"] === "JOIN") {
    fromClause(node["left"] ?? null, scope);
    fromClause(node["right"] ?? null, scope);
  } else if (node["type"] === "BASE_TABLE") {
    const alias = node["alias"] === "" ? String(node["table_name"]) : String(node["alias"]);
    scope.set(alias, node["schema_name"] === "" ? null : relationName(node));
  } else if (typeof node["alias"] === "string") scope.set(node["alias"], null);
}

function column(names: readonly string[], scopes: readonly Scope[], found: Collected): void {
  const name = names.at(-1) ?? "";
  const alias = names.length > 1 ? names.at(-2) : undefined;
  const scope = scopes.findLast((candidate) => alias === undefined || candidate.has(alias));
  const relations = alias === undefined ? [...(scope?.values() ?? [])] : [scope?.get(alias) ?? null];
  for (const relation of relations) {
    if (relation === null) continue;
    const columns = found.uses.get(relation) ?? new Set<string>();
    found.uses.set(relation, columns.add(name));
  }
}

function relationName(node: JsonObject): string {
  return `${String(node["schema_name"])}.${String(node["table_name"])}`;
}

export function isObject(node: Json): node is JsonObject {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}
