import { isObject, type Json, type JsonObject } from "../../transformations/models/sql-facts.js";

/** Functions with the same answer everywhere, and operators as the parser names them. */
const SAME_EVERYWHERE = new Set(
  `count count_star sum min max coalesce nullif greatest least substr left split_part translate abs sign round
   count_if bool_or any_value max_by min_by mode row_number ntile date_trunc date_part
   + - * / % || & << ~~ !~~`.split(/\s+/),
);
/** The prelude, the run's values and what the lists of functions add. */
const PRELUDE = new Set(
  `exact ratio exact_amount day_of month_of hour_of snake_ascii days_between minutes_between lower_ascii upper_ascii trim_blanks personal_mask
   personal_hash run_date default_vat`.split(/\s+/),
);
const NODES = new Set(["SELECT_NODE", "SET_OPERATION_NODE", "CTE_NODE"]);
const FROM = new Set(["BASE_TABLE", "JOIN", "SUBQUERY", "EMPTY"]);
const EXPRESSIONS = new Set(
  "COLUMN_REF CONSTANT FUNCTION WINDOW CAST CASE COMPARISON CONJUNCTION OPERATOR BETWEEN SUBQUERY".split(" "),
);
const WHOLE = new Set(["INTEGER", "BIGINT", "SMALLINT", "TINYINT", "HUGEINT"]);
/** Functions whose whole numbers may be cast to a narrower type: there is nothing to round. */
const GIVES_WHOLE = new Set(["date_part", "count", "count_star", "sum"]);

/** What a statement says that engines answer differently, in words; `shared`: names of shared functions. */
export function unportable(tree: JsonObject, shared: ReadonlySet<string>): readonly string[] {
  const faults: string[] = [];
  const visit = (node: Json): void => {
    if (isObject(node)) faults.push(...faultsOf(node, shared));
    for (const child of childrenOf(node)) visit(child);
  };
  visit(tree);
  return [...new Set(faults)];
}

function childrenOf(node: Json): readonly Json[] {
  if (Array.isArray(node)) return node;
  return isObject(node) ? Object.values(node) : [];
}

function faultsOf(node: JsonObject, shared: ReadonlySet<string>): readonly string[] {
  const faults: string[] = [];
  const type = String(node["type"]);
  if ("from_table" in node || "setop_type" in node) {
    if (!NODES.has(type)) faults.push(`query ${type}`);
    if (node["setop_type"] !== undefined && !(node["setop_type"] === "UNION" && node["setop_all"] === true))
      faults.push("a set operation that is not union all");
    faults.push(...faultsOfFrom(node["from_table"] ?? null), ...unqualified(node));
  }
  if (typeof node["class"] === "string" && !EXPRESSIONS.has(node["class"])) faults.push(`${node["class"]}`);
  if (node["class"] === "FUNCTION" || node["class"] === "WINDOW") {
    const name = String(node["function_name"]);
    if (!SAME_EVERYWHERE.has(name) && !PRELUDE.has(name) && !shared.has(name))
      faults.push(`function ${name}`);
  }
  if (type === "ORDER_MODIFIER" || node["class"] === "WINDOW")
    for (const order of (node["orders"] ?? []) as readonly JsonObject[])
      if (order["null_order"] === "ORDER_DEFAULT") faults.push("order by without nulls first or last");
  if (node["class"] === "CAST") faults.push(...faultsOfCast(node));
  return faults;
}

function faultsOfFrom(from: Json): readonly string[] {
  if (!isObject(from)) return [];
  const type = String(from["type"]);
  if (!FROM.has(type)) return [`from ${type}`];
  if (type !== "JOIN") return [];
  const kind = `${String(from["ref_type"])} ${String(from["join_type"])}`;
  const faults = /^(REGULAR (LEFT|INNER|SEMI|ANTI)|CROSS INNER)$/.test(kind) ? [] : [`${kind} join`];
  return [...faults, ...faultsOfFrom(from["left"] ?? null), ...faultsOfFrom(from["right"] ?? null)];
}

/** Where several relations are joined every column names its own, so that the graph knows who uses what. */
function unqualified(query: JsonObject): readonly string[] {
  const from = query["from_table"] ?? null;
  if (!isObject(from) || from["type"] !== "JOIN") return [];
  const faults: string[] = [];
  const visit = (node: Json): void => {
    if (isObject(node) && ("setop_type" in node || node["class"] === "SUBQUERY")) return;
    const names = isObject(node) ? node["column_names"] : null;
    if (Array.isArray(names) && names.length < 2)
      faults.push(`column ${String(names[0])} without its relation`);
    for (const child of childrenOf(node)) visit(child);
  };
  visit({ ...query, cte_map: null });
  return faults;
}

function faultsOfCast(node: JsonObject): readonly string[] {
  const type = String((node["cast_type"] as JsonObject)["id"]);
  if (type === "HUGEINT") return ["a 128-bit integer"];
  if (!WHOLE.has(type)) return [];
  const child = node["child"] as JsonObject;
  const name = String(child["function_name"] ?? "");
  return GIVES_WHOLE.has(name) ? [] : [`a cast to ${type} that may round`];
}
