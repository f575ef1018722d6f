import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack as tarPack } from "tar-stream";
import { GristmillError, messageOf } from "../../lib/errors.js";
import { MANIFEST_NAME, type Manifest, type ManifestFile } from "./manifest.js";
import { sealOf } from "./seal.js";

/** A file to put in: its name in the archive and where it lies. */
export interface ArchiveSource {
  readonly name: string;
  readonly location: string;
}

export interface PackOptions {
  /** Path of pigz, or null for Node's own gzip on one core. */
  readonly pigz: string | null;
  readonly cores: number;
}

const LEVEL = 4;

/** Writes tar.gz with the manifest as last entry and the seal; returns the manifest. Does not fsync. */
export async function packArchive(
  to: string,
  sources: readonly ArchiveSource[],
  about: Omit<Manifest, "files">,
  options: PackOptions,
): Promise<Manifest> {
  const tar = tarPack();
  const digest = createHash("sha256");
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk as Buffer);
      done(null, chunk);
    },
  });
  const written = compressed(tar, options, hashed, to);
  const filled = fill(tar, sources, about);
  // when one side fails the other would wait for ever
  filled.catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(messageOf(error))));
  const [manifest] = await Promise.all([filled, written]);
  await appendFile(to, sealOf(digest.digest("hex")));
  return manifest;
}

async function compressed(
  tar: AsyncIterable<unknown>,
  options: PackOptions,
  hashed: Transform,
  to: string,
): Promise<void> {
  if (options.pigz === null)
    return pipeline(tar, createGzip({ level: LEVEL }), hashed, createWriteStream(to));
  const child = spawn(options.pigz, ["-n", "-c", `-${LEVEL}`, "-p", String(options.cores)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await Promise.all([pipeline(tar, child.stdin), pipeline(child.stdout, hashed, createWriteStream(to))]);
  const [code] = await ended;
  if (code !== 0)
    throw new GristmillError("file_system", `pigz ended with ${String(code)} while writing ${to}`);
}

async function fill(
  tar: ReturnType<typeof tarPack>,
  sources: readonly ArchiveSource[],
  about: Omit<Manifest, "files">,
): Promise<Manifest> {
  const files: ManifestFile[] = [];
  for (const source of sources) files.push(await addFile(tar, source));
  const manifest: Manifest = { ...about, files };
  tar.entry({ name: MANIFEST_NAME }, JSON.stringify(manifest, null, 1));
  tar.finalize();
  return manifest;
}

async function addFile(
  tar: ReturnType<typeof tarPack>,
  { name, location }: ArchiveSource,
): Promise<ManifestFile> {
  const { size, mtimeMs } = statSync(location);
  const mtime = new Date(mtimeMs);
  const digest = createHash("sha256");
  if (size === 0) tar.entry({ name, mtime }, "");
  else {
    const entry = tar.entry({ name, size, mtime });
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        digest.update(chunk as Buffer);
        done(null, chunk);
      },
    });
    await pipeline(createReadStream(location, { end: size - 1 }), counted, entry);
  }
  return { name, size, sha256: digest.digest("hex"), mtime_ms: Math.floor(mtimeMs) };
}
