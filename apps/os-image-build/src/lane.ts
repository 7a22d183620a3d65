// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { readEpoch } from '@latticra/boot-seed';
import { defineLane } from '@latticra/lane';
import { buildRecord, buildRelease } from '@latticra/linux-release';
import { buildSource, releaseFixture, SOURCE_FLAGS } from '@latticra/manifest';
import { namedSigner, SIGN_KEY_FLAG } from '@latticra/signature';
import { version } from '../package.json';
import { planDocument } from './dry-run.js';
import { readFormats } from './formats.js';
import { inputsOf } from './inputs.js';

const BIN = 'latticra-os-image-build';

export const lane = defineLane({
  bin: BIN,
  version,
  summary: 'make the release of a Linux system from its kernel, initramfs and root file system',
  details: `
Writes a folder, whole or not at all: an ISO that starts as CD and as USB disk, a disk image for virtual machines, the unified
kernel image that both hold, checksums, an SBOM of the packages in the root, the artifact manifest, and the record of the
build, which is also printed. All of it starts by BIOS and by UEFI. The root becomes an EROFS file system that the kernel
verifies block by block against one hash, which is on the command line; kernel, initramfs and root themselves are taken as they
are. Nothing but Node is needed: no root, no loop device, no other program. The same inputs, SOURCE_DATE_EPOCH (0 unless set) and
build id give the same bytes anywhere.`,
  examples: [
    '--kernel vmlinuz --initramfs initrd.img --rootfs rootfs.tar',
    '--input-manifest inputs/manifest.txt --artifact-version 1.0 --build-id nightly.42',
    '--kernel vmlinuz --initramfs initrd.img --root none --formats iso',
  ],
  fixture: releaseFixture,
  flags: {
    'input-manifest': { value: 'path', help: 'an input bundle manifest, in place of the three below' },
    kernel: { value: 'path', help: 'a Linux kernel for x86-64, as a distribution installs it' },
    initramfs: { value: 'path', help: 'its initramfs, compressed or not' },
    rootfs: { value: 'path', placeholder: 'tar|tar.gz', help: 'the root file system' },
    'output-dir': {
      value: 'path',
      placeholder: 'folder',
      help: 'a new or empty folder (default: artifacts/os-images/<version>)',
    },
    'artifact-version': {
      value: 'text',
      insteadOf: 'version',
      default: 'local-candidate',
      help: 'what this release is called',
    },
    'command-line': {
      value: 'text',
      help: "the kernel's parameters; console=ttyS0 is added unless a console is named",
    },
    root: {
      value: 'choice',
      choices: ['verity', 'plain', 'none'],
      default: 'verity',
      help: 'verified by the kernel, read as it is, or no root: the system is its initramfs',
    },
    formats: { value: 'text', placeholder: 'list', default: 'iso,qcow2', help: 'of iso, qcow2 and raw' },
    'image-size-mib': {
      value: 'integer',
      min: 8,
      max: 16 * 1024 * 1024,
      help: 'size of the disk image (default: the least that will do)',
    },
    'build-id': {
      value: 'text',
      placeholder: 'id',
      help: 'what a log of a boot is known by (default: 128 random bits)',
    },
    'signed-uki': { value: 'path', help: 'latticra.efi of the same build, as your own tool signed it' },
    ...SOURCE_FLAGS,
    ...SIGN_KEY_FLAG,
    'operator-recovery-path': {
      value: 'text',
      default: 'none',
      help: 'a runbook, which is put beside the images, or its https address',
    },
    'allow-outside': { value: 'none', help: 'let the input manifest name files outside of its folder' },
    'dry-run': { value: 'none', help: 'say what would be written, and write nothing' },
  },
  async run({ flags, cwd, env, signal, progress, manifestPath, tell }) {
    const formats = readFormats(flags.formats);
    const { kernel, initramfs, rootfs } = await inputsOf(flags, cwd);
    const shownOutputDir = flags['output-dir'] ?? `artifacts/os-images/${flags['artifact-version']}`;
    const recovery = flags['operator-recovery-path'];
    const options = {
      kernel,
      initramfs,
      rootfs,
      signedUki:
        flags['signed-uki'] === undefined
          ? undefined
          : {
              path: flags['signed-uki'],
              resolvedPath: resolve(cwd, flags['signed-uki']),
              expectedSha256: undefined,
            },
      outputDir: resolve(cwd, shownOutputDir),
      shownOutputDir,
      artifactVersion: flags['artifact-version'],
      commandLine: flags['command-line'] ?? '',
      root: flags.root,
      formats,
      imageSizeMib: flags['image-size-mib'],
      buildId: flags['build-id'] ?? randomBytes(16).toString('hex'),
      ...(await buildSource(flags, cwd, env)),
      operatorRecoveryPath: recovery,
      resolvedRecoveryPath: resolve(cwd, recovery),
      epoch: readEpoch(env),
      signer: await namedSigner(flags['sign-key'], { cwd, env, signal, tell }),
      tool: { name: BIN, version },
      tracker: progress,
      signal,
    };
    if (flags['dry-run']) return planDocument(options, manifestPath);
    return buildRecord.document(await buildRelease(options));
  },
});
