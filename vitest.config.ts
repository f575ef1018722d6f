import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/system/**", "node_modules/**", "dist/**"],
    pool: "forks",
    testTimeout: 180_000,
  },
});
