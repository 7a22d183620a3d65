// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { LaneError } from '@latticra/lane';
import { type BuildInput, IMAGE_FORMATS } from '@latticra/linux-release';
import { EXPECT_FLAGS, type ExpectFlags, readExpectFlags } from '@latticra/vm-run';
import { assertOutside } from '../steps/own-folder.js';
import type { LinuxChoice } from './rehearse-linux.js';

/** The build id is always expected: that of the build. */
const { 'expect-build-id': _, ...EXPECTED } = EXPECT_FLAGS;

/** The flags of a rehearsal of a Linux system. */
export const LINUX_FLAGS = {
  kernel: { value: 'path', help: 'rehearse a Linux system: its kernel, for x86-64' },
  initramfs: { value: 'path', help: 'its initramfs' },
  rootfs: { value: 'path', placeholder: 'tar|tar.gz', help: 'its root file system' },
  root: {
    value: 'choice',
    choices: ['verity', 'plain', 'none'],
    help: 'how the root is read, or none: the system is its initramfs (default: verity)',
  },
  formats: {
    value: 'choice',
    choices: ['iso,qcow2', 'iso', 'qcow2'],
    help: 'its images; each is booted (default: iso,qcow2)',
  },
  'command-line': { value: 'text', help: "its kernel's parameters" },
  'build-id': { value: 'text', placeholder: 'id', help: 'what its boots are known by (default: random)' },
  'memory-mib': { value: 'integer', min: 16, max: 65536, help: 'memory of its machine (default: 1024)' },
  'timeout-seconds': { value: 'integer', min: 1, max: 3600, help: 'what each boot may take (default: 900)' },
  ...EXPECTED,
} as const;

/** The values of these flags. */
export type LinuxFlags = Omit<ExpectFlags, 'expect-build-id'> & {
  readonly kernel: string | undefined;
  readonly initramfs: string | undefined;
  readonly rootfs: string | undefined;
  readonly root: 'verity' | 'plain' | 'none' | undefined;
  readonly formats: 'iso,qcow2' | 'iso' | 'qcow2' | undefined;
  readonly 'command-line': string | undefined;
  readonly 'build-id': string | undefined;
  readonly 'memory-mib': number | undefined;
  readonly 'timeout-seconds': number | undefined;
};

const isGiven = (value: unknown) =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;

/** What a system shows that runs until somebody logs in. */
const LOGIN_PROMPT = 'login: ';
/** Without KVM a whole distribution takes minutes to its prompt. */
const TIMEOUT_SECONDS = 900;
const MEMORY_MIB = 1024;

/**
 * Returns the Linux system that the flags name, with what its boots have to show; undefined where none is named.
 * @param folder what is replaced by the rehearsal, so that no input can lie in it
 * @throws LaneError `usage`; VmRunError `bad-expectation`
 */
export async function readLinuxFlags(
  flags: LinuxFlags,
  { cwd, folder }: { readonly cwd: string; readonly folder: string },
): Promise<LinuxChoice | undefined> {
  const { kernel, initramfs, rootfs, root = 'verity' } = flags;
  if (kernel === undefined || initramfs === undefined) {
    const names = Object.keys(LINUX_FLAGS) as (keyof LinuxFlags)[];
    const lone = names.find((name) => isGiven(flags[name]));
    if (lone === undefined) return undefined;
    throw new LaneError('usage', `--${lone}: is of a Linux system, and not all of that was named`, {
      fix: 'give --kernel, --initramfs and --rootfs; without any of these the boot seed is rehearsed',
    });
  }
  if ((rootfs === undefined) !== (root === 'none')) {
    throw new LaneError('usage', 'a root file system and how it is read go together', {
      fix: 'give --rootfs, or --root none for a system that lives in its initramfs',
    });
  }
  const input = async (name: string, path: string): Promise<BuildInput> => {
    const resolvedPath = resolve(cwd, path);
    await assertOutside(name, resolvedPath, resolve(cwd, folder), 'rehearsal');
    return { path, resolvedPath, expectedSha256: undefined };
  };
  const buildId = flags['build-id'] ?? randomBytes(16).toString('hex');
  const wanted = flags.formats?.split(',') ?? ['iso', 'qcow2'];
  return {
    kernel: await input('kernel', kernel),
    initramfs: await input('initramfs', initramfs),
    rootfs: rootfs === undefined ? undefined : await input('rootfs', rootfs),
    root,
    formats: new Set(IMAGE_FORMATS.filter((format) => wanted.includes(format))),
    commandLine: flags['command-line'] ?? '',
    buildId,
    memoryMib: flags['memory-mib'] ?? MEMORY_MIB,
    timeoutMs: (flags['timeout-seconds'] ?? TIMEOUT_SECONDS) * 1000,
    expected: expectationOf(flags, buildId),
  };
}

/** Returns what a boot has to show: what is named, else a prompt; and the build id either way. */
function expectationOf(flags: LinuxFlags, buildId: string): LinuxChoice['expected'] {
  const names = [
    'expect-line',
    'expect-contains',
    'expect-pattern',
    'expect-prompt',
    'expect-exit-code',
  ] as const;
  const prompt = names.some((name) => isGiven(flags[name])) ? flags['expect-prompt'] : LOGIN_PROMPT;
  const expected = readExpectFlags({ ...flags, 'expect-prompt': prompt, 'expect-build-id': buildId });
  if (expected === undefined) throw new Error('a build id is always expected');
  return expected;
}
