// Preloaded into the program: its clock is a year ahead.
const YEAR_MS = 365 * 86_400_000;
const RealDate = globalThis.Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + YEAR_MS] : args));
  }
  static now() {
    return RealDate.now() + YEAR_MS;
  }
};
