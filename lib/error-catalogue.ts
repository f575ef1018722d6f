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
  broken_archive: {
    exit: 1,
    means: "An archive was cut short or changed, or is none of Gristmill's; nothing of it was used.",
    remedy: "Take another copy of the archive, or the raw files from where they came from.",
  },
  bad_model: {
    exit: 78,
    means:
      "A model (.sql) is not valid: no single SELECT, an unknown header, a circle, an input that nothing makes.",
    remedy: "Mend the file that the message names; docs/models.md says what a model may be.",
  },
  schema_conflict: {
    exit: 78,
    means: "A column of a table has another type than its contract now says, and its old values do not fit.",
    remedy: "Take the change back, or run with --rework so that every file is read by the new contract.",
  },
  bad_table: {
    exit: 1,
    means:
      "A table's Delta log or one of its files is damaged, missing or of a kind that Gristmill does not write.",
    remedy:
      "Restore what the message names from a backup or an archive, or roll back with the engine that wrote it.",
  },
  unknown_table_feature: {
    exit: 78,
    means: "A table uses a Delta reader or writer feature that Gristmill does not know.",
    remedy: "Drop the feature with the engine that added it; nothing was read or written.",
  },
  unknown_table: {
    exit: 78,
    means: "No table has this name.",
    remedy: "See `gristmill tables` for the names.",
  },
  unknown_version: {
    exit: 78,
    means: "A table does not have this version, or vacuum has removed its files.",
    remedy:
      "See `gristmill tables` for the newest version; `retention.table_days` says how long old ones stay.",
  },
  unknown_run: {
    exit: 78,
    means: "No run has this id, or it changed nothing that could be rolled back.",
    remedy: "See `gristmill runs` for the ids.",
  },
  unknown_path: {
    exit: 78,
    means: "The ledger or the quarantine knows no file of this path.",
    remedy:
      "Paths are relative to raw/, a zip's member as `api_logs.zip/<member>`; see `gristmill quarantine ls`.",
  },
  not_held: {
    exit: 78,
    means: "Only a file that a run held back can be released, and this one is not held.",
    remedy: "See `gristmill runs show` for the status of each file.",
  },
  not_readable: {
    exit: 78,
    means: "A file that cannot be read, or lacks a required column, has no records that could be released.",
    remedy: "Mend the file, or the feed that reads it, and run again.",
  },
  bad_replay: {
    exit: 78,
    means: "An edited export cannot be matched with the quarantined records that it came from.",
    remedy: "Mend records in place, and put back those that were taken out; or export again.",
  },
  conflict: {
    exit: 1,
    means: "Another engine changed a table while the run was computing its new version.",
    remedy: "Run again; nothing of this run was published.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof catalogue;

/** Every coded error. docs/errors.md lists the same ones; a test compares them. */
export const errorCatalogue: Readonly<Record<ErrorCode, ErrorEntry>> = catalogue;
