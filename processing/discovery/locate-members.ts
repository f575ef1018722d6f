import { statSync } from "node:fs";
import type { PlannedFile } from "../../lib/plan-types.js";
import type { Candidate } from "./candidate.js";
import { unpackFolder } from "./candidates.js";
import { unpackMembers, type ZipBounds } from "./zip-content.js";

/** Give every zip member to work on its unpacked copy; those that only the cache knew are unpacked now. */
export async function locateMembers(
  files: readonly PlannedFile[],
  candidates: readonly Candidate[],
  into: string,
  bounds: ZipBounds,
): Promise<readonly PlannedFile[]> {
  const members = new Map(candidates.map((candidate) => [candidate.path, candidate.member]));
  const packed = new Map<string, { zip: string; sha256: string; names: Set<string> }>();
  for (const file of files) {
    const member = members.get(file.path);
    if (file.action !== "work" || file.location !== null || member == null) continue;
    const own = packed.get(member.zip) ?? { ...member, names: new Set() };
    packed.set(member.zip, own);
    own.names.add(member.name);
  }
  const unpacked = new Map<string, ReadonlyMap<string, string>>();
  for (const { zip, sha256, names } of packed.values())
    unpacked.set(zip, await unpackMembers(zip, names, bounds, unpackFolder(into, sha256)));

  return files.map((file) => {
    const member = members.get(file.path);
    if (file.action !== "work" || member == null) return file;
    const location = file.location ?? unpacked.get(member.zip)?.get(member.name) ?? null;
    // the zip changed since it was hashed: it is still being written
    if (location === null) return { ...file, action: "waiting", why: "settling" };
    const stat = statSync(location);
    return { ...file, location, mtime_ms: stat.mtimeMs, inode: stat.ino };
  });
}
