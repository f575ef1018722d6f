/** What a coded error means for people, and the exit code that it ends the process with. */
export interface ErrorEntry {
  readonly exit: 1 | 65 | 66 | 75 | 78;
  readonly means: string;
  readonly remedy: string;
}

const catalogue = {
  internal: {
    exit: 1,
    means: "Something failed that should not have: a fault of Gristmill itself.",
    remedy: "Run again; if it stays, report it with the log of the run.",
  },
  bad_configuration: {
    exit: 78,
    means: "A configuration file is not valid: an unknown key, a wrong type or a value that makes no sense.",
    remedy: "Mend the key path that the message names.",
  },
  bad_flag: {
    exit: 78,
    means: "A flag or an argument is unknown, missing or malformed.",
    remedy: "See --help.",
  },
  no_input: {
    exit: 66,
    means: "raw/ is empty and no run ever took place in this data folder.",
    remedy: "Put files into raw/, or try --sample.",
  },
  locked: {
    exit: 75,
    means: "Another run holds the lock of this data folder.",
    remedy: "Wait until it has ended.",
  },
  file_system: {
    exit: 1,
    means: "A file or folder could not be read or written (disk full, read-only, vanished).",
    remedy: "Mend what the message names and run again; nothing is half published.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof catalogue;

/** Every coded error. docs/errors.md lists the same ones; a test compares them. */
export const errorCatalogue: Readonly<Record<ErrorCode, ErrorEntry>> = catalogue;
