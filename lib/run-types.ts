/** The records that the stages of a run hand to one another, all of them by one import. */

export type * from "./handover/findings.js";
export type * from "./ledger-types.js";
export type * from "./plan-types.js";
export type * from "./reason-types.js";
export type * from "./result-types.js";
export type * from "./run-file-types.js";
export type * from "./table-types.js";
export type * from "./verdict-types.js";
