import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { GristmillError, messageOf } from "../../lib/errors.js";
import { isManifest, MANIFEST_NAME, type Manifest, type ManifestFile } from "./manifest.js";
import { assertSealed, broken } from "./seal.js";

/** A manifest is kept in memory: a larger one is an attack. */
const MANIFEST_BYTES = 64_000_000;

/** Reads a whole archive and compares it with its manifest. Throws broken_archive when a byte differs. */
export async function verifyArchive(file: string): Promise<Manifest> {
  await assertSealed(file);
  const found: Omit<ManifestFile, "mtime_ms">[] = [];
  let last = "";
  await eachEntry(file, async (name, content, size) => {
    if (last !== "") throw broken(file, "it holds more than its manifest says");
    if (name === MANIFEST_NAME && size > MANIFEST_BYTES)
      throw broken(file, `its manifest has ${size} bytes, more than ${MANIFEST_BYTES}`);
    if (name === MANIFEST_NAME) last = await text(content);
    else found.push({ name, ...(await measured(content)) });
  });
  const manifest = parsed(file, last);
  const listed = new Map(manifest.files.map((entry) => [entry.name, entry]));
  const fits = found.every(({ name, size, sha256 }) => {
    const entry = listed.get(name);
    return entry !== undefined && entry.size === size && entry.sha256 === sha256;
  });
  if (!fits || found.length !== listed.size || found.length !== manifest.files.length)
    throw broken(file, "its files are not those that its manifest names");
  return manifest;
}

/** Calls back for each file of an archive, in its order; the content must be read to its end. */
export async function eachEntry(
  file: string,
  visit: (name: string, content: AsyncIterable<unknown>, size: number) => Promise<void>,
): Promise<void> {
  const tar = extract();
  const source = createReadStream(file);
  const gunzip = createGunzip();
  source.on("error", (error) => tar.destroy(error));
  gunzip.on("error", (error) => tar.destroy(error));
  source.pipe(gunzip).pipe(tar);
  try {
    for await (const entry of tar) {
      if (entry.header.type !== "file") throw broken(file, `${entry.header.name} is no plain file`);
      await visit(entry.header.name, entry, entry.header.size ?? 0);
    }
  } catch (error) {
    if (error instanceof GristmillError) throw error;
    throw broken(file, messageOf(error));
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function measured(
  content: AsyncIterable<unknown>,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const digest = createHash("sha256");
  let size = 0;
  for await (const chunk of content) {
    digest.update(chunk as Buffer);
    size += (chunk as Buffer).length;
  }
  return { size, sha256: digest.digest("hex") };
}

function parsed(file: string, manifest: string): Manifest {
  try {
    const value: unknown = JSON.parse(manifest);
    if (isManifest(value)) return value;
  } catch (error) {
    throw broken(file, `its manifest cannot be read: ${messageOf(error)}`);
  }
  throw broken(file, "it has no manifest");
}
