import type { PreparedFile } from "../prepared-file.js";

/** A file turned out, while it was read, to need another reader. */
export class OtherShape extends Error {
  readonly path: string;
  readonly prepared: PreparedFile;
  constructor(path: string, prepared: PreparedFile) {
    super(`${path} does not keep the shape of its first lines`);
    this.name = "OtherShape";
    this.path = path;
    this.prepared = prepared;
  }
}
