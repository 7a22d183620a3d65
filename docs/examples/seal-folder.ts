// SPDX-License-Identifier: Apache-2.0
// Seals a folder once, and from then on tells what changed in it: `node seal-folder.mjs project`.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { initManifest, SEAL_FILES, seal } from '@latticra/seal-integrity';

const root = resolve(process.argv[2] ?? '.');
if (!existsSync(join(root, SEAL_FILES.manifest))) {
  const identity = { id: 'project', name: 'Project', version: '1', license: 'MIT' };
  const { obstacles } = await initManifest(
    { ...identity, description: 'A sealed folder', repository: 'https://example.org/project' },
    { root },
  );
  for (const obstacle of obstacles) console.log(obstacle);
}
const isSealed = existsSync(join(root, SEAL_FILES.lock));
const { status, findings } = await seal({ command: isSealed ? 'verify' : 'baseline', root });
const { added = [], modified = [], removed = [] } = findings.changes ?? {};
for (const path of added) console.log(`added ${path}`);
for (const path of modified) console.log(`modified ${path}`);
for (const path of removed) console.log(`removed ${path}`);
console.log(`${status}: ${isSealed ? 'verified' : 'sealed'} ${findings.hashedFiles} files`);
if (status === 'FAIL') process.exitCode = 1;
