import type { PlannedFile } from "../lib/run-types.js";

/** A new file of the feed sales that a run is to work on. */
export function plannedFile(path: string, over: Partial<PlannedFile> = {}): PlannedFile {
  return {
    path,
    file: path.split("/").at(-1) ?? path,
    feed: "sales",
    source: "sales",
    sha256: `sha-${path}`,
    size: 10,
    action: "work",
    why: "new",
    location: `/nowhere/${path}`,
    mtime_ms: 0,
    inode: 0,
    contract_hash: "c1",
    threshold: 90,
    job: "j1",
    twin_of: null,
    fault: null,
    ...over,
  };
}
