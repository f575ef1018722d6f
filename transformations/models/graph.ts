import { GristmillError } from "../../lib/errors.js";
import type { Model } from "./model.js";

/**
 * The models in an order in which each stands after all that it reads; the order of names where that leaves a
 * choice. Throws bad_model on a cycle and on an input that no model and no source makes.
 */
export function inOrder(models: ReadonlyMap<string, Model>, sources: ReadonlySet<string>): readonly Model[] {
  const done: Model[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (name: string, way: readonly string[]): void => {
    const model = models.get(name);
    if (model === undefined) {
      if (isSource(name, sources)) return;
      throw new GristmillError(
        "bad_model",
        `${way.at(-1)} reads ${name}, which no model and no source makes`,
      );
    }
    if (state.get(name) === "done") return;
    if (state.get(name) === "open") {
      const cycle = [...way.slice(way.indexOf(name)), name].join(" → ");
      throw new GristmillError("bad_model", `the models read each other in a circle: ${cycle}`);
    }
    state.set(name, "open");
    for (const input of model.facts.inputs) visit(input, [...way, name]);
    state.set(name, "done");
    done.push(model);
  };
  for (const name of [...models.keys()].sort()) visit(name, []);
  return done;
}

function isSource(name: string, sources: ReadonlySet<string>): boolean {
  return name.startsWith("latest.") && sources.has(name.slice("latest.".length));
}

/** Of models in order those that follow one of the sources, and all that these read. */
export function followersOf(
  ordered: readonly Model[],
  isAlive: (source: string) => boolean,
): readonly Model[] {
  const alive = new Set<string>();
  for (const { name, facts } of ordered) {
    const [layer, relation = ""] = (facts.driver ?? "").split(".");
    if (layer === "latest" ? isAlive(relation) : alive.has(facts.driver ?? "")) alive.add(name);
  }
  // what nothing drives is made from all of its inputs
  for (const { name, facts } of ordered) if (facts.driver === null) alive.add(name);
  for (const { name, facts } of [...ordered].reverse())
    if (alive.has(name)) for (const input of facts.inputs) alive.add(input);
  return ordered.filter(({ name }) => alive.has(name));
}

/** The written models and the sources (`latest.<source>`) that a model reads, also by way of what is never written. */
export function tablesBehind(
  name: string,
  models: ReadonlyMap<string, Model>,
  written: ReadonlySet<string>,
): readonly string[] {
  const model = models.get(name);
  const direct = [...(model?.facts.inputs ?? []), ...(model?.lookups ?? []).map(({ relation }) => relation)];
  const found = direct.flatMap((input) =>
    written.has(input) || !models.has(input) ? [input] : tablesBehind(input, models, written),
  );
  return [...new Set(found)];
}

/** Something to be made once what it needs is there. */
export interface Needs {
  readonly name: string;
  readonly needs: readonly string[];
}

/** Whether all that one needs is made; what nothing makes is there already. */
export function isReady<One extends Needs>(one: One, done: ReadonlySet<One>, all: readonly One[]): boolean {
  const made = new Set([...done].map(({ name }) => name));
  return one.needs.every((need) => made.has(need) || !all.some(({ name }) => name === need));
}

/** In an order in which what most others wait for, directly or not, comes first. */
export function soonestNeeded<One extends Needs>(all: readonly One[]): readonly One[] {
  const byName = new Map(all.map((one) => [one.name, one]));
  const depths = new Map<string, number>();
  const note = (name: string, depth: number): void => {
    if ((depths.get(name) ?? -1) >= depth) return;
    depths.set(name, depth);
    for (const need of byName.get(name)?.needs ?? []) note(need, depth + 1);
  };
  for (const { name } of all) note(name, 0);
  return [...all].sort((a, b) => (depths.get(b.name) ?? 0) - (depths.get(a.name) ?? 0));
}
