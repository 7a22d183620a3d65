// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureFile } from '@latticra/held-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, words } from '../test/keys.js';
import { digestOf, MESSAGE } from '../test/vectors.js';
import {
  authoriseMeasured,
  hashesFor,
  NAMESPACES,
  parseAllowedSigners,
  readSignatureFile,
  signWithKey,
} from './index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signature-'));
  await writeFile(join(folder, 'x'), MESSAGE);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const policy = { allowed: parseAllowedSigners(Buffer.from(`alice ${words(ALICE)}`)), at: new Date() };

describe('a signature that is read before its file', () => {
  it('the file is measured by the hash that its signature is over, and by no other', async () => {
    for (const hash of ['sha256', 'sha512'] as const) {
      await writeFile(
        join(folder, 'x.sig'),
        signWithKey(ALICE.key, NAMESPACES.boot, digestOf(MESSAGE, hash), hash),
      );
      const signature = await readSignatureFile(join(folder, 'x.sig'));
      const hashes = hashesFor(undefined, signature);
      expect(hashes).toEqual(hash === 'sha512' ? { sha512: true } : {});
      const measurement = await measureFile(join(folder, 'x'), hashes);
      expect(measurement.sha512).toBe(hash === 'sha512' ? digestOf(MESSAGE, hash).toString('hex') : '');
      const verified = authoriseMeasured(signature, measurement, NAMESPACES.boot, policy);
      expect(verified).toMatchObject({
        principal: 'alice',
        hash,
        digest: digestOf(MESSAGE, hash).toString('hex'),
      });
    }
  });

  it('whatever is wrong with it is told with its path', async () => {
    const path = join(folder, 'x.sig');
    await writeFile(path, signWithKey(ALICE.key, NAMESPACES.boot, digestOf(MESSAGE)));
    const signature = await readSignatureFile(path, 'shown.sig');
    const measurement = await measureFile(join(folder, 'x'));
    expect(() => authoriseMeasured(signature, measurement, NAMESPACES.review, policy)).toThrow(
      expect.objectContaining({
        code: 'other-namespace',
        message: expect.stringMatching(/^shown\.sig: /),
        fix: expect.stringMatching(/latticra-review/),
      }),
    );
    await writeFile(path, 'no signature');
    await expect(readSignatureFile(path)).rejects.toMatchObject({
      code: 'not-a-signature',
      message: expect.stringContaining(`${path}: the signature does not begin`),
    });
  });
});
