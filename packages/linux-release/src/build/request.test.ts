// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { requested } from './request.js';

const least = {
  kernel: { path: 'vmlinuz' },
  initramfs: { path: 'initrd.img' },
  outputDir: 'release',
  artifactVersion: '1.0',
  buildId: 'nightly.42',
};

it('what a request leaves out has a default, and nothing of that is read off the environment', () => {
  expect(requested(least)).toMatchObject({
    kernel: { path: 'vmlinuz', resolvedPath: resolve('vmlinuz'), expectedSha256: undefined },
    rootfs: undefined,
    root: 'none',
    formats: new Set(['iso', 'qcow2']),
    shownOutputDir: 'release',
    sourceCommit: 'unknown',
    operatorRecoveryPath: 'none',
    epoch: 0,
  });
  expect(requested({ ...least, rootfs: { path: 'rootfs.tar' } }).root).toBe('verity');
});

it('what a request says is what is built', () => {
  const said = {
    ...least,
    rootfs: { path: 'r.tar', resolvedPath: '/r.tar', expectedSha256: 'a'.repeat(64) },
    root: 'plain',
    formats: new Set(['raw'] as const),
    epoch: 1,
    operatorRecoveryPath: 'docs/recovery.md',
    tool: { name: 't', version: '1' },
  } as const;
  expect(requested(said)).toMatchObject({
    ...said,
    kernel: { path: 'vmlinuz' },
    initramfs: { path: 'initrd.img' },
  });
  expect(requested(said).resolvedRecoveryPath).toBe(resolve('docs/recovery.md'));
});
