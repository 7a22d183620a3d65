// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { pathOf } from '@latticra/held-files';
import { LaneError } from '@latticra/lane';
import type { BuildInput } from '@latticra/linux-release';
import { loadInputBundle, placeOf } from '@latticra/manifest';

/** The flags that name inputs. */
export interface InputFlags {
  readonly 'input-manifest': string | undefined;
  readonly kernel: string | undefined;
  readonly initramfs: string | undefined;
  readonly rootfs: string | undefined;
  readonly root: 'verity' | 'plain' | 'none';
  readonly 'allow-outside': boolean;
}

/** The inputs of a build. */
export interface Inputs {
  readonly kernel: BuildInput;
  readonly initramfs: BuildInput;
  readonly rootfs: BuildInput | undefined;
}

/** Finds the inputs: those that a manifest records, with their digests, or the three that are named. @throws LaneError `usage` */
export async function inputsOf(flags: InputFlags, cwd: string): Promise<Inputs> {
  const { kernel, initramfs, rootfs, root } = flags;
  const manifest = flags['input-manifest'];
  const isNamed = kernel !== undefined || initramfs !== undefined || rootfs !== undefined;
  if (manifest !== undefined) {
    if (isNamed)
      throw new LaneError('usage', '--input-manifest: given beside --kernel, --initramfs or --rootfs');
    return inputsOfManifest(manifest, flags, cwd);
  }
  if (kernel === undefined || initramfs === undefined || (rootfs === undefined) !== (root === 'none')) {
    throw new LaneError('usage', 'expected --kernel, --initramfs and --rootfs, or --input-manifest', {
      fix: 'for a system without a root, leave --rootfs out and say --root none',
    });
  }
  const named = (path: string): BuildInput => ({
    path,
    resolvedPath: resolve(cwd, path),
    expectedSha256: undefined,
  });
  return {
    kernel: named(kernel),
    initramfs: named(initramfs),
    rootfs: rootfs === undefined ? undefined : named(rootfs),
  };
}

async function inputsOfManifest(path: string, flags: InputFlags, cwd: string): Promise<Inputs> {
  const { folder, manifest } = await loadInputBundle(path, cwd);
  const input = (record: { readonly path: string; readonly sha256: string }): BuildInput => {
    const resolvedPath = placeOf(folder, record.path, { allowOutside: flags['allow-outside'] });
    return { path: pathOf(resolvedPath), resolvedPath, expectedSha256: record.sha256 };
  };
  return {
    kernel: input(manifest.kernel),
    initramfs: input(manifest.initramfs),
    rootfs: flags.root === 'none' ? undefined : input(manifest.rootfs),
  };
}
