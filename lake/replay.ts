import type { Action, Add, MetaData, Protocol, Remove, Txn } from "./log-actions.js";

/** The state of a table while its log is replayed. */
export interface LogState {
  protocol: Protocol | null;
  metaData: MetaData | null;
  readonly transactions: Map<string, Txn>;
  /** Live files by their path as the log writes it. */
  readonly adds: Map<string, Add>;
  /** Tombstones. */
  readonly removes: Map<string, Remove>;
  timestamp: number;
}

export function emptyState(): LogState {
  return {
    protocol: null,
    metaData: null,
    transactions: new Map(),
    adds: new Map(),
    removes: new Map(),
    timestamp: 0,
  };
}

/** Apply the actions of one commit or checkpoint to the state. */
export function replay(state: LogState, actions: readonly Action[]): void {
  for (const { protocol, metaData, txn, add, remove, commitInfo } of actions) {
    if (protocol) state.protocol = protocol;
    if (metaData) state.metaData = metaData;
    if (txn) {
      state.transactions.set(txn.appId, txn);
      // checkpoints and log compactions keep no commitInfo
      state.timestamp = Math.max(state.timestamp, txn.lastUpdated ?? 0);
    }
    if (remove) {
      state.adds.delete(remove.path);
      state.removes.set(remove.path, remove);
    }
    if (add) {
      state.removes.delete(add.path);
      state.adds.set(add.path, add);
    }
    if (commitInfo?.timestamp !== undefined) state.timestamp = commitInfo.timestamp;
  }
}
