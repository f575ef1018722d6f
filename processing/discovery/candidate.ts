import type { FeedConfig } from "../../lib/config-types.js";

/** One input that a feed claims: a file, or a member of a zip. */
export interface Candidate {
  /** Relative to raw/; a zip's member is `<zip>/<member>`. */
  readonly path: string;
  readonly feed: FeedConfig;
  /** Hash of the file as it lies, of the member for a zip; of the zip for a member that is refused; "" when waiting. */
  readonly sha256: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly inode: number;
  /** Where to read it: the file itself, or the unpacked member; null = it must be unpacked first. */
  readonly location: string | null;
  /** The zip it lies in (its location and hash), and its name there. */
  readonly member: { readonly zip: string; readonly sha256: string; readonly name: string } | null;
  readonly waiting: boolean;
  readonly fault: { readonly message: string; readonly head_base64: string } | null;
}

/** Base name of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
