import type { Engine } from "../../engines/engine.js";
import { ident } from "../../engines/quote.js";
import { eventDay, type SourceSpec } from "../sources/source-spec.js";
import { parseModel } from "./load-models.js";
import type { Model } from "./model.js";

/** Cleaner and enricher of a source that brings no `.sql` of its own: all columns, keys trimmed, the day added. */
export async function standardModels(
  engine: Engine,
  source: SourceSpec,
  known: ReadonlyMap<string, Model>,
): Promise<readonly Model[]> {
  const models: Model[] = [];
  const names = source.columns.map(({ name }) => name);
  if (!known.has(`cleaned.${source.name}`)) {
    const list = source.columns.map(({ name, sqlType }) =>
      source.key.includes(name) && sqlType === "VARCHAR"
        ? `trim_blanks(${ident(name)}) as ${ident(name)}`
        : ident(name),
    );
    const text = `select ${list.join(", ")} from latest.${ident(source.name)}`;
    models.push(await parseModel(engine, `cleaner/${source.name}.sql`, "cleaned", text));
  }
  if (!known.has(`enriched.${source.name}`)) {
    const list = names.map(ident);
    const day = eventDay(source);
    if (day !== null && !names.includes("date")) list.push(`${day} as date`);
    const text = `select ${list.join(", ")} from cleaned.${ident(source.name)}`;
    models.push(await parseModel(engine, `enricher/${source.name}.sql`, "enriched", text));
  }
  return models;
}
