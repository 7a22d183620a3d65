// SPDX-License-Identifier: Apache-2.0
import type { SealManifest } from '../src/index.js';

/** The manifest of tests of other things. */
export const MANIFEST: SealManifest = {
  project: {
    name: 'Demo',
    id: 'demo',
    version: '1.0',
    repository: 'https://example.org/demo',
    license: 'MIT',
    description: undefined,
  },
  exclude: ['.git/', 'node_modules/', 'reports/latticra-seal-*', '*.log'],
  requiredFiles: ['README.md', 'LICENSE'],
  denyFilenames: ['*.pem'],
  denyContents: [['do-not-', 'ship-this']],
  maxFileSizeMb: 25,
};
