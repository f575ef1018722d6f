import { GristmillError } from "../../lib/errors.js";
import type { Grain, Lookup, ModelFunction, ModelHeader } from "./model.js";

/** Header lines `-- key: value`; prose starts with a capital letter. */
const directive = /^--\s+([a-z][a-z ]*):\s*(.+?)\s*$/;

/** What the header of a model's file says. Throws bad_model on a key that does not exist. */
export function parseHeader(file: string, text: string): ModelHeader {
  const lookups: Lookup[] = [];
  const values: Record<string, string> = {};
  for (const [key, value] of directives(text)) {
    if (key === "lookup") lookups.push(parseLookup(file, value));
    else if (["partition", "grain", "bucket", "run date"].includes(key)) values[key] = value;
    else throw new GristmillError("bad_model", `${file}: unknown header "${key}"; see docs/models.md`);
  }
  const grain = parseGrain(file, values["grain"]);
  const partition = values["partition"] ?? null;
  if (partition !== null && partition !== grain)
    throw new GristmillError(
      "bad_model",
      `${file}: a table is partitioned by its grain, not by ${partition}`,
    );
  return {
    partition,
    grain,
    bucket: values["bucket"] ?? null,
    lookups,
    runDate: names(values["run date"] ?? ""),
  };
}

/** A function's file: `-- function: name(parameter type, …) returns type`, prose, then one expression. */
export function parseFunction(file: string, text: string): ModelFunction {
  const declared = directives(text).find(([key]) => key === "function")?.[1] ?? "";
  const match = /^([a-z_]+)\(([^)]*)\) returns ([a-z0-9(), ]+)$/.exec(declared);
  if (match === null)
    throw new GristmillError("bad_model", `${file}: no "-- function: name(x type) returns type"`);
  const parameters = names(match[2] ?? "").map((parameter) => {
    const [name = "", type = "string"] = parameter.split(/\s+/);
    return { name, type };
  });
  return { name: match[1] ?? "", parameters, returns: match[3] ?? "", file, body: withoutComments(text) };
}

/** The statement alone. */
export function withoutComments(text: string): string {
  const lines = text.split("\n").filter((line) => !line.trimStart().startsWith("--"));
  return lines.join("\n").trim().replace(/;$/, "");
}

function directives(text: string): (readonly [string, string])[] {
  return text.split("\n").flatMap((line) => {
    const match = directive.exec(line);
    return match === null ? [] : [[match[1] ?? "", match[2] ?? ""] as const];
  });
}

function parseGrain(file: string, value: string | undefined): Grain | null {
  if (value === undefined) return null;
  if (value === "date" || value === "month") return value;
  throw new GristmillError("bad_model", `${file}: grain is date or month, not "${value}"`);
}

function parseLookup(file: string, value: string): Lookup {
  const match = /^([a-z_]+\.[a-z_0-9]+) on (.+)$/.exec(value);
  if (match === null)
    throw new GristmillError("bad_model", `${file}: a lookup reads "layer.relation on column, …"`);
  return { relation: match[1] ?? "", on: names(match[2] ?? "") };
}

function names(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
