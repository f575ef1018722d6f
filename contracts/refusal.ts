import { GristmillError } from "../lib/errors.js";

/** Where a piece of configuration stands: its file and the key path in it. */
export interface Place {
  readonly file: "data_schemas.json" | "business_rules.yaml";
  readonly path: string;
}

export function below(place: Place, ...keys: readonly (string | number)[]): Place {
  return { file: place.file, path: [place.path, ...keys].join(".") };
}

/** What the compiler doesn't support is an error at load, never ignored. */
export function refuse(place: Place, why: string): never {
  throw new GristmillError("bad_configuration", `${place.file}: ${place.path}: ${why}`);
}
