import { createHash } from "node:crypto";
import type { Engine } from "../../engines/engine.js";
import { ident, literal } from "../../engines/quote.js";
import { GristmillError } from "../../lib/errors.js";
import type { TableColumn } from "../../lib/table-types.js";
import { typedNull } from "../planner/columns.js";
import type { SourceColumn, SourceSpec } from "./source-spec.js";

const HASH_KEY = "GRISTMILL_HASH_KEY";
const BLOCK = 64;

/** The cleaned rows of a source with its personal columns masked, hashed or emptied. */
export function withoutPersonal(
  source: SourceSpec,
  columns: readonly TableColumn[],
  cleaned: string,
): string {
  const personal = new Map(source.columns.map((column) => [column.name, column.personal]));
  const list = columns.map((column) => hidden(column, personal.get(column.name) ?? null));
  return `select ${list.join(", ")} from (${cleaned}) as cleaned`;
}

function hidden(column: TableColumn, how: SourceColumn["personal"]): string {
  const name = ident(column.name);
  if (how === null) return name;
  if (how === "hash") return `personal_hash(cast(${name} as varchar)) as ${name}`;
  return how === "mask" && column.type === "string" ? `personal_mask(${name}) as ${name}` : typedNull(column);
}

/** Columns that a source's enriched table leaves out. */
export function droppedColumns(source: SourceSpec): ReadonlySet<string> {
  return new Set(source.columns.filter(({ personal }) => personal === "drop").map(({ name }) => name));
}

/**
 * Install `personal_hash(text)`: HMAC-SHA-256 in hex, keyed by GRISTMILL_HASH_KEY. Throws bad_configuration when
 * a source hashes a column and there is no key.
 */
export async function installPersonalHash(
  engine: Engine,
  sources: Iterable<SourceSpec>,
  key: string | undefined,
): Promise<void> {
  const hashed = [...sources].flatMap((source) =>
    source.columns.filter(({ personal }) => personal === "hash").map(({ name }) => `${source.name}.${name}`),
  );
  if (hashed.length > 0 && (key === undefined || key === ""))
    throw new GristmillError(
      "bad_configuration",
      `data_schemas.json: x-personal: hash on ${hashed.join(", ")} needs a key in the environment: set ${HASH_KEY}`,
    );
  const inner = padded(key ?? "", 0x36);
  const outer = padded(key ?? "", 0x5c);
  await engine.run(`create or replace macro personal_hash(text) as case when text is not null then
    sha256(from_hex(${literal(outer)}) || from_hex(sha256(from_hex(${literal(inner)}) || encode(text)))) end`);
}

/** The key of HMAC, padded for its inner or outer round, in hex. */
function padded(key: string, pad: number): string {
  const bytes = Buffer.from(key);
  const block = Buffer.alloc(BLOCK);
  (bytes.length > BLOCK ? createHash("sha256").update(bytes).digest() : bytes).copy(block);
  return Buffer.from(block.map((byte) => byte ^ pad)).toString("hex");
}
