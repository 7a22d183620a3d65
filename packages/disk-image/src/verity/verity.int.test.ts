// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { bytesSource } from '../layout/source.js';
import { examine, inFolder, output } from '../testing/run.js';
import { blocksOf, growTree, SALT, UUID } from '../testing/verity.js';
import { verifyVerity } from './index.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Numbers of blocks around those at which a tree gets a level or a block more. */
const COUNTS = [1, 2, 127, 128, 129, 1000, 128 * 128, 128 * 128 + 1];

describe('trees grown here, before veritysetup', () => {
  itWith(
    ['veritysetup'],
    'veritysetup format writes the same tree and superblock, and verifies ours, which is a plain file behind the data',
    () => {
      for (const count of COUNTS) {
        for (const salt of [SALT, new Uint8Array()]) {
          inFolder((folder) => {
            const path = (name: string) => join(folder, name);
            const data = blocksOf(count);
            const { rootHash, area } = growTree(data, 1 << 20, salt);
            writeFileSync(path('data'), data);
            const options = [`--uuid=${UUID}`, `--salt=${hex(salt) || '-'}`, '--hash=sha256', '--format=1'];
            const said = output('veritysetup', 'format', ...options, path('data'), path('hash')).toString();
            expect(said).toContain(hex(rootHash));
            const theirs = readFileSync(path('hash'));
            expect(Buffer.compare(theirs.subarray(0, area.length), area)).toBe(0);
            expect(theirs.length).toBeLessThanOrEqual(area.length);

            appendFileSync(path('data'), area);
            const at = [`--hash-offset=${data.length}`, path('data'), path('data'), hex(rootHash)];
            expect(examine('veritysetup', 'verify', ...at)).toMatchObject({ code: 0 });
          });
        }
      }
    },
    120_000,
  );

  itWith(['veritysetup'], 'what veritysetup finds changed in a tree of its own is found here too', () => {
    inFolder((folder) => {
      const [data, hash] = [join(folder, 'data'), join(folder, 'hash')];
      writeFileSync(data, blocksOf(500));
      const said = output('veritysetup', 'format', data, hash).toString();
      const root = /Root hash:\s+([0-9a-f]{64})/.exec(said)?.[1] ?? '';
      const check = () =>
        verifyVerity({
          data: bytesSource(readFileSync(data)),
          hash: bytesSource(readFileSync(hash)),
          rootHash: Buffer.from(root, 'hex'),
        });
      expect(check()).toEqual({ holds: true, faults: [], checked: 500 });
      const bytes = blocksOf(500);
      bytes[300 * 4096 + 9] = 0xff;
      writeFileSync(data, bytes);
      expect(examine('veritysetup', 'verify', data, hash, root).code).not.toBe(0);
      expect(check()).toEqual({ holds: false, faults: [{ kind: 'data', block: 300 }], checked: 500 });
    });
  });
});
