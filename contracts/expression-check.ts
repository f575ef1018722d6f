import type { Engine } from "../engines/engine.js";
import { ident, literal } from "../engines/quote.js";
import type { Config } from "../lib/config-types.js";
import { messageOf } from "../lib/errors.js";
import { type Contract, compileContract } from "./contract.js";
import { below, type Place, refuse } from "./refusal.js";
import { isRecord } from "./schema-parts.js";

/** Kinds of nodes that a row expression may be built of; every other one is refused. */
const NODES: ReadonlySet<string> = new Set([
  "BETWEEN",
  "CASE",
  "CAST",
  "COLUMN_REF",
  "COMPARISON",
  "CONJUNCTION",
  "CONSTANT",
  "FUNCTION",
  "OPERATOR",
]);
const OPERATORS: ReadonlySet<string> = new Set([
  "COMPARE_IN",
  "COMPARE_NOT_IN",
  "OPERATOR_COALESCE",
  "OPERATOR_IS_NULL",
  "OPERATOR_IS_NOT_NULL",
  "OPERATOR_NOT",
  "OPERATOR_NULLIF",
]);
/** Functions and operators that mean the same on every engine, and those of the prelude that a row may need. */
export const FUNCTIONS: readonly string[] = [
  ..."+ - * / % || & | << ~~ !~~".split(" "),
  ..."abs sign round floor ceil greatest least nullif length substr left split_part date_part date_trunc".split(
    " ",
  ),
  ..."to_days to_hours to_minutes to_seconds".split(" "),
  ..."minutes_between days_between exact ratio lower_ascii upper_ascii trim_blanks".split(" "),
];
const PARTS: ReadonlySet<string> = new Set(["year", "month", "day", "hour"]);

/**
 * Check every row expression of a configuration: parsed by the engine, allowed by node and function, and bound to
 * the source's columns as a boolean. Call it where rows are about to be judged. Throws bad_configuration.
 */
export async function checkExpressions(
  config: Pick<Config, "schemas" | "defs" | "rules">,
  engine: Engine,
  sources: readonly string[] = Object.keys(config.rules),
): Promise<void> {
  for (const source of sources) {
    const rows = config.rules[source]?.rows ?? [];
    if (rows.length === 0) continue;
    const contract = compileContract(config, source);
    for (const statement of contract.prepare()) await engine.run(statement);
    for (const [index, rule] of rows.entries()) {
      const place = below({ file: "business_rules.yaml", path: source }, "rows", index, "expression");
      allowNode(await parse(rule.expression, place, engine), place, contract);
      await bind(rule.expression, place, contract, engine);
    }
  }
}

/** The tree of one expression: a SELECT of it and nothing else. */
async function parse(expression: string, place: Place, engine: Engine): Promise<unknown> {
  const [row] = await engine.all(`select json_serialize_sql(${literal(`select ${expression}\n`)}) as tree`);
  const answer = JSON.parse(String(row?.["tree"])) as {
    readonly error: boolean;
    readonly error_message?: string;
    readonly statements?: readonly { readonly node: Readonly<Record<string, unknown>> }[];
  };
  if (answer.error) refuse(place, `is no SQL expression: ${answer.error_message}`);
  const [statement, ...more] = answer.statements ?? [];
  const node = statement?.node ?? {};
  const list = node["select_list"] as readonly unknown[] | undefined;
  const from = node["from_table"];
  const extra = ["where_clause", "having", "qualify", "sample"].filter((clause) => node[clause] !== null);
  const many = ["modifiers", "group_expressions", "group_sets"].filter(
    (clause) => (node[clause] as unknown[]).length > 0,
  );
  if (
    more.length > 0 ||
    list?.length !== 1 ||
    !isRecord(from) ||
    from["type"] !== "EMPTY" ||
    extra.length + many.length > 0
  ) {
    refuse(place, "must be one expression, no statement and no clause");
  }
  return list?.[0];
}

function allowNode(node: unknown, place: Place, contract: Contract): void {
  if (Array.isArray(node)) {
    for (const entry of node) allowNode(entry, place, contract);
    return;
  }
  if (!isRecord(node)) return;
  const kind = node["class"];
  if (typeof kind === "string") allowKind(kind, node, place, contract);
  else if (node["type"] === "ORDER_MODIFIER") {
    if ((node["orders"] as readonly unknown[]).length > 0) refuse(place, "an ORDER BY is not allowed");
    return;
  }
  for (const [key, child] of Object.entries(node)) {
    // a constant's value and a cast's type are data
    if (key !== "value" && key !== "cast_type") allowNode(child, place, contract);
  }
}

function allowKind(
  kind: string,
  node: Readonly<Record<string, unknown>>,
  place: Place,
  contract: Contract,
): void {
  if (!NODES.has(kind))
    refuse(place, `${kind.toLowerCase().replaceAll("_", " ")} is not allowed in a row expression`);
  if (kind === "COLUMN_REF") {
    const names = node["column_names"] as readonly string[];
    const known = contract.columns.some((column) => column.name.toLowerCase() === names[0]?.toLowerCase());
    if (names.length !== 1 || !known) refuse(place, `${names.join(".")} is no column of ${contract.source}`);
  }
  if (kind === "OPERATOR" && !OPERATORS.has(String(node["type"]))) {
    refuse(place, `${String(node["type"]).toLowerCase()} is not allowed in a row expression`);
  }
  if (kind === "FUNCTION") allowFunction(node, place);
  if (kind === "CAST" && node["try_cast"] !== true && !isConstant(node["child"])) {
    refuse(place, "a cast that fails would stop the file: write try_cast");
  }
}

function allowFunction(node: Readonly<Record<string, unknown>>, place: Place): void {
  const name = String(node["function_name"]).toLowerCase();
  // the parser writes `interval 1 day` with a trunc of its constant
  const allowed = FUNCTIONS.includes(name) || (name === "trunc" && isConstant(node["children"]));
  if (!allowed) {
    refuse(place, `the function ${name} is not allowed; allowed are ${FUNCTIONS.join(" ")}`);
  }
  const schema = String(node["schema"] ?? "");
  if ((schema !== "" && schema !== "main") || String(node["catalog"] ?? "") !== "") {
    refuse(place, `the function ${schema}.${name} must be named without a schema`);
  }
  if (node["filter"] !== null || node["distinct"] === true)
    refuse(place, "FILTER and DISTINCT are not allowed");
  if (name !== "date_part" && name !== "date_trunc") return;
  const [part] = node["children"] as readonly unknown[];
  const text = isRecord(part) && isRecord(part["value"]) ? String(part["value"]["value"]) : "";
  if (!PARTS.has(text.toLowerCase())) refuse(place, `${name} takes ${[...PARTS].join(", ")}`);
}

/** No column stands below it. */
function isConstant(node: unknown): boolean {
  if (Array.isArray(node)) return node.every(isConstant);
  if (!isRecord(node)) return true;
  return node["class"] !== "COLUMN_REF" && Object.values(node).every(isConstant);
}

/** Bound to the source's columns it must be a boolean. */
async function bind(expression: string, place: Place, contract: Contract, engine: Engine): Promise<void> {
  const columns = contract.columns
    .map((column) => `null::${column.sqlType} as ${ident(column.name)}`)
    .join(", ");
  const sql = `describe select (\n${expression}\n) as verdict from (select ${columns})`;
  const [row] = await engine
    .all(sql)
    .catch((error: unknown) => refuse(place, messageOf(error).split("\n")[0] ?? ""));
  const type = String(row?.["column_type"]);
  if (type !== "BOOLEAN") refuse(place, `is ${type}, but must be true or false`);
}
