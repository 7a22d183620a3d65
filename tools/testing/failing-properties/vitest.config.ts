// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

/** Properties that fail on purpose, with the set-up that all tests have. */
export default defineConfig({
  root: import.meta.dirname,
  test: { include: ['*.properties.ts'], setupFiles: ['../property-setup.ts'], testTimeout: 5000 },
});
