/**
 * The program as a few files: to open and resolve hundreds of modules takes longer than most stages have to do. What is
 * native, large or seldom needed stays in its package (unzipper asks for @aws-sdk only where it reads from S3). The
 * modules that tsc wrote beside them serve benches and tests.
 */
const outside = /^(node:|@duckdb\/node-bindings|@aws-sdk\/|xlsx|echarts|nodemailer)/;

export default {
  input: "main.ts",
  platform: "node",
  external: outside,
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "main.js",
    chunkFileNames: "chunks/[name].js",
    cleanDir: false,
  },
};
