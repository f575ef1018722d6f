/** A whole file that cannot be read: no fault of ours, and no row of it can be trusted. */
export class UnreadableFile extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.name = "UnreadableFile";
    this.path = path;
  }
}

/** A file that changed or vanished while it was read. */
export class ChangedFile extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.name = "ChangedFile";
    this.path = path;
  }
}
