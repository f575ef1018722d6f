/** Where a path's report lies: monitoring and archive find it by the same name. */
export { reportFile } from "../../lib/report-name.js";
