import type { DuckDbEngine } from "../engines/duckdb.js";
import { registerTextFunction } from "../engines/text-function.js";
import type { Contract } from "./contract.js";
import { HOSTNAME_FUNCTION } from "./formats.js";
import { isHostname } from "./idna.js";

/** Verdicts of a nested column's function: a value, no JSON of the column's type, a value against its schema. */
const VERDICTS = { fits: 0, wrongType: 1, failed: 2 } as const;

const registered = new WeakMap<DuckDbEngine, Set<string>>();

/** Make an engine ready for the contract's judges: macros, and functions for what SQL alone cannot see. Once a session. */
export async function prepareSession(engine: DuckDbEngine, contract: Contract): Promise<void> {
  for (const statement of contract.prepare()) await engine.run(statement);
  const names = registered.get(engine) ?? new Set<string>();
  registered.set(engine, names);
  const register = (name: string, judge: (text: string) => number) => {
    if (names.has(name)) return;
    names.add(name);
    registerTextFunction(engine, name, judge);
  };
  register(HOSTNAME_FUNCTION, (text) => (isHostname(text) ? 1 : 0));
  if (contract.nested.length === 0) return;
  const { ajvJudges } = await import("./oracle/ajv-instance.js");
  const compile = ajvJudges(contract.compiled.scope.document);
  for (const { name, types, schema } of contract.nested) register(name, nestedJudge(compile(schema), types));
}

function nestedJudge(fits: (value: unknown) => boolean, types: readonly string[]): (text: string) => number {
  return (text) => {
    const value = parsed(text);
    if (value === null || !types.includes(Array.isArray(value) ? "array" : "object"))
      return VERDICTS.wrongType;
    return fits(value) ? VERDICTS.fits : VERDICTS.failed;
  };
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
