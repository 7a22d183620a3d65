// SPDX-License-Identifier: Apache-2.0
/** A system that a test makes up: every reader takes it for one, and nothing in it runs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { initramfs, linuxKernel } from '../../../../tools/testing/linux.js';
import { archive, type TestMember } from '../../../tar/test/archive.js';
import type { BuildInput, BuildOptions } from '../build/options.js';

export const RELEASE = '6.1.0-test-amd64';
const MODULES = `usr/lib/modules/${RELEASE}`;
const MODULE_FILES = [
  'kernel/drivers/md/dm-mod.ko',
  'kernel/drivers/md/dm-verity.ko',
  'kernel/fs/erofs/erofs.ko',
];

/** An object file of ELF for x86-64, as far as it is looked at. */
function moduleFile(text: string): Uint8Array {
  const bytes = Buffer.alloc(256);
  bytes.write('\x7fELF\x02\x01', 'latin1');
  bytes.writeUInt16LE(1, 16);
  bytes.writeUInt16LE(62, 18);
  bytes.write(text, 24);
  return bytes;
}

const file = (name: string, content: string | Uint8Array): TestMember => ({ name, content });
const folder = (name: string): TestMember => ({ name, type: '5', raw: { 100: '0000755\0' } });

const STATUS = `Package: demo
Status: install ok installed
Maintainer: Somebody <somebody@example.org>
Architecture: amd64
Version: 1.0-1
Description: a package

`;
const COPYRIGHT = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2026 Somebody
License: Expat
`;

/** The members of its root. */
export const ROOT_MEMBERS: readonly TestMember[] = [
  folder('./'),
  folder('./etc/'),
  { name: './etc/os-release', type: '2', link: '../usr/lib/os-release' },
  folder('./usr/'),
  folder('./usr/lib/'),
  file('./usr/lib/os-release', 'ID=demo\nVERSION_ID="1"\nNAME="Demo"\nPRETTY_NAME="Demo 1"\n'),
  file('./usr/lib/large', Buffer.alloc(300_000, 'content of a file; ')),
  ...MODULE_FILES.map((path) => file(`./${MODULES}/${path}`, moduleFile(path))),
  file(`./${MODULES}/modules.dep`, MODULE_FILES.map((path) => `${path}:\n`).join('')),
  file(`./${MODULES}/modules.builtin`, 'kernel/lib/libcrc32c.ko\nkernel/crypto/sha256_generic.ko\n'),
  file('./usr/share/doc/demo/copyright', COPYRIGHT),
  file('./var/lib/dpkg/status', STATUS),
];

/** A kernel that a BIOS loader takes as well: it says where it wants to be, and what it needs there. */
function kernel(): Uint8Array {
  const bytes = linuxKernel(`${RELEASE} (builder@example.org) #1 SMP`);
  bytes.writeUInt32LE(0x7fffffff, 0x22c);
  bytes.writeUInt32LE(2047, 0x238);
  bytes.writeBigUInt64LE(0x1000000n, 0x258);
  bytes.writeUInt32LE(0x2000000, 0x260);
  return bytes;
}

export const KERNEL = kernel();
export const INITRAMFS = initramfs([{ path: 'init', mode: 0o100755, content: Buffer.from('#!/bin/sh\n') }]);
export const ROOTFS = archive(...ROOT_MEMBERS);

/** Writes the inputs of a release into a folder, under the names that {@link optionsIn} gives. */
export function writeInputs(cwd: string): void {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'vmlinuz'), KERNEL);
  writeFileSync(join(cwd, 'initrd.img'), INITRAMFS);
  writeFileSync(join(cwd, 'rootfs.tar'), ROOTFS);
  writeFileSync(join(cwd, 'rootfs.tar.gz'), gzipSync(ROOTFS));
}

/** Returns an input in a folder. */
export const inputIn = (cwd: string, path: string, expectedSha256?: string): BuildInput => ({
  path,
  resolvedPath: join(cwd, path),
  expectedSha256,
});

/** Returns the options of a build in a folder. */
export const optionsIn = (cwd: string, changes: Partial<BuildOptions> = {}): BuildOptions => ({
  kernel: inputIn(cwd, 'vmlinuz'),
  initramfs: inputIn(cwd, 'initrd.img'),
  rootfs: inputIn(cwd, 'rootfs.tar'),
  signedUki: undefined,
  outputDir: join(cwd, 'out'),
  shownOutputDir: 'out',
  artifactVersion: '1.0',
  commandLine: 'quiet',
  root: 'verity',
  formats: new Set(['iso', 'qcow2']),
  imageSizeMib: undefined,
  buildId: 'test.1',
  sourceCommit: 'unknown',
  sourceTag: 'none',
  sourceTagObject: 'none',
  buildEnvironment: 'a test',
  operatorRecoveryPath: 'none',
  resolvedRecoveryPath: join(cwd, changes.operatorRecoveryPath ?? 'none'),
  epoch: 1_700_000_000,
  tool: { name: 'latticra-os-image-build', version: '0.0.0' },
  tracker: { track: (_, work) => work(() => undefined) },
  signal: new AbortController().signal,
  ...changes,
});
