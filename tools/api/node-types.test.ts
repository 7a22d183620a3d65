// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));

/** Types that Node's own declarations alone have, as far as any report names one. */
const OF_NODE =
  /\b(?:NodeJS\.\w+|Buffer|FileHandle|Readable|Writable|Duplex|Stats|BigIntStats|KeyObject|ChildProcess|Worker)\b|import\("node:/;

it.each(readdirSync(PACKAGES))(
  "packages/%s asks for Node's types where it exports them, and nowhere else",
  (name) => {
    const read = (file: string) => readFileSync(join(PACKAGES, name, file), 'utf8');
    const { peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(read('package.json'));
    const isAsking = '@types/node' in peerDependencies;
    expect(isAsking).toBe(OF_NODE.test(read('api.md')));
    // Who writes no TypeScript needs none of them.
    if (isAsking) expect(peerDependenciesMeta['@types/node']).toEqual({ optional: true });
  },
);
