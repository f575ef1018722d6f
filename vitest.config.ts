import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/system/**", "node_modules/**", "dist/**"],
    globalSetup: ["tests/temporary-folder.ts"],
    pool: "forks",
    // many tests wait for processes of their own: on two cores two files side by side end sooner
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 180_000,
  },
});
