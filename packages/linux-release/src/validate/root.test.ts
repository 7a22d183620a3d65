// SPDX-License-Identifier: Apache-2.0
import { bytesSource } from '@latticra/disk-image';
import type { PlainRoot, VerityRoot } from '@latticra/linux-image';
import { describe, expect, it } from 'vitest';
import { assertBinding, checkRoot, type ExpectedRoot, rootHashOn } from './root.js';

const HASH = 'a1'.repeat(32);
const OTHER = 'b2'.repeat(32);
const UUID = '6f1c2a3b-0d4e-4f5a-8b6c-7d8e9fa0b1c2';

const config: VerityRoot = {
  root: 'verity',
  blocks: 2,
  total: 4,
  hash: HASH,
  salt: OTHER,
  uuid: UUID,
  sectors: [4096],
  modules: [],
};
const image = {
  format: 'erofs' as const,
  size: 4 * 4096,
  sha256: HASH,
  inodes: 1,
  uuid: UUID,
  verityHash: HASH,
  veritySalt: OTHER,
};
const record: ExpectedRoot['record'] = { path: 'rootfs.tar', format: 'tar', size: 1, sha256: HASH, image };
const expected: ExpectedRoot = { record, config, commandLine: `quiet latticra.roothash=${HASH} ro` };

const plain: PlainRoot = { root: 'plain', blocks: 4, uuid: UUID, sectors: [4096], modules: [] };
const expectedPlain: ExpectedRoot = {
  record: { ...record, image: { ...image, verityHash: undefined, veritySalt: undefined } },
  config: plain,
  commandLine: 'quiet',
};

const refused = (message: string, code = 'record-differs') =>
  expect.objectContaining({ name: 'LinuxReleaseError', code, message: expect.stringContaining(message) });

describe('what a root is bound to', () => {
  it('record, initramfs and command line that agree bind a root', () => {
    expect(() => assertBinding('efi', expected)).not.toThrow();
    expect(() => assertBinding('efi', expectedPlain)).not.toThrow();
  });

  it.each<[string, ExpectedRoot, string]>([
    [
      'another hash on the command line',
      { ...expected, commandLine: `latticra.roothash=${OTHER}` },
      'its command line binds',
    ],
    [
      'another hash in the initramfs',
      { ...expected, config: { ...config, hash: OTHER } },
      'the hash of the root',
    ],
    ['another salt', { ...expected, config: { ...config, salt: HASH } }, 'the salt of the root'],
    [
      'another UUID',
      { ...expected, config: { ...config, uuid: UUID.replace('6', '7') } },
      'the UUID of the root',
    ],
    ['another size', { ...expected, config: { ...config, total: 5 } }, 'the size of the root'],
    ['no verification in the initramfs', { ...expected, config: plain }, 'the hash of the root'],
    ['verification in the initramfs alone', { ...expectedPlain, config }, 'the hash of the root'],
    [
      'another size of a plain root',
      { ...expectedPlain, config: { ...plain, blocks: 3 } },
      'the size of the root',
    ],
  ])('%s is refused', (_, given, message) => {
    expect(() => assertBinding('efi', given)).toThrow(refused(`efi: ${message}`));
  });

  it.each(['', 'quiet', `latticra.roothash=${HASH.slice(1)}`, `latticra.roothash=${HASH.toUpperCase()}`])(
    'a command line %j that names no hash is refused',
    (commandLine) => {
      expect(() => rootHashOn('efi', commandLine)).toThrow(refused('latticra.roothash='));
    },
  );

  it('a command line with two hashes is refused, though they are the same', () => {
    const word = `latticra.roothash=${HASH}`;
    expect(rootHashOn('efi', `a ${word} b`)).toBe(HASH);
    expect(() => rootHashOn('efi', `${word} ${word}`)).toThrow(refused('or several'));
  });
});

describe('a root that is not verified', () => {
  const check = (bytes: number, given: ExpectedRoot) => {
    const options = { onBytes: () => undefined, signal: new AbortController().signal };
    return checkRoot('iso', bytesSource(new Uint8Array(bytes)), given, options);
  };

  it('a partition of another size than the root is refused', async () => {
    await expect(check(3 * 4096, expected)).rejects.toThrow(refused('iso: the size of its root'));
  });

  it('a root that ends in its file system is damaged', async () => {
    const longer = { ...expected, config: { ...config, blocks: 5 } };
    await expect(check(4 * 4096, longer)).rejects.toThrow(refused('in the file system', 'root-damaged'));
  });

  it('a root without a hash tree, or without a file system, is damaged', async () => {
    await expect(check(4 * 4096, expected)).rejects.toThrow(refused('no verity superblock', 'root-damaged'));
    await expect(check(4 * 4096, expectedPlain)).rejects.toThrow(
      refused('no EROFS superblock', 'root-damaged'),
    );
  });
});
