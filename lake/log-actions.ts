/** The actions of a Delta log that Gristmill reads and writes, as they stand in its JSON lines. */
export interface Action {
  readonly protocol?: Protocol;
  readonly metaData?: MetaData;
  readonly txn?: Txn;
  readonly add?: Add;
  readonly remove?: Remove;
  readonly commitInfo?: CommitInfo;
}

export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures?: readonly string[] | null;
  readonly writerFeatures?: readonly string[] | null;
}

export interface MetaData {
  readonly id: string;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly format: { readonly provider: string; readonly options: Readonly<Record<string, string>> };
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly createdTime?: number | null;
}

export interface Txn {
  readonly appId: string;
  readonly version: number;
  readonly lastUpdated?: number | null;
}

export interface Add {
  /** URL-encoded, relative to the table's folder (or absolute). */
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly size: number;
  readonly modificationTime: number;
  readonly dataChange: boolean;
  readonly stats?: string | null;
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly deletionVector?: unknown;
}

export interface Remove {
  readonly path: string;
  readonly deletionTimestamp?: number | null;
  readonly dataChange: boolean;
  readonly extendedFileMetadata?: boolean | null;
  readonly partitionValues?: Readonly<Record<string, string | null>> | null;
  readonly size?: number | null;
}

export interface CommitInfo {
  readonly timestamp?: number;
  readonly operation?: string;
  /** Id of the Gristmill run that made the commit; absent from foreign ones. */
  readonly run?: string;
}

/** A path as the log writes it. */
export function encodePath(path: string): string {
  return encodeURI(path).replaceAll("#", "%23").replaceAll("?", "%3F");
}

/** A path of the log as it lies on disk. */
export function decodePath(path: string): string {
  return decodeURIComponent(path);
}
