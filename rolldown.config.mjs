/**
 * The program as a few files: to open and resolve hundreds of modules takes longer than most stages have to do. What is
 * native, large or seldom needed stays in its package. The modules that tsc wrote beside them serve benches and tests.
 */
const inside = /^(@duckdb\/node-api|commander|js-yaml|picomatch|fastest-levenshtein)$/;

export default {
  input: "main.ts",
  platform: "node",
  external: (id) => !id.startsWith(".") && !id.startsWith("/") && !inside.test(id),
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "main.js",
    chunkFileNames: "chunks/[name].js",
    cleanDir: false,
  },
};
