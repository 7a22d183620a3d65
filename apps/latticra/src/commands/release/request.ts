// SPDX-License-Identifier: Apache-2.0
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readFailure } from '@latticra/held-files';
import { type FlagValues, LaneError } from '@latticra/lane';
import { assertOutside } from '../../steps/own-folder.js';
import { ReleaseError } from './error.js';
import type { RELEASE_FLAGS } from './flags.js';

/** The values of the flags. */
export type ReleaseFlags = FlagValues<typeof RELEASE_FLAGS>;

/** A file as it was named. */
export interface NamedFile {
  readonly path: string;
  /** Absolute. */
  readonly resolved: string;
}

/** The files that a release is made of. */
export interface ReleaseRequest {
  readonly flags: ReleaseFlags;
  /** As it was named, or the default. */
  readonly folder: string;
  readonly iso: NamedFile | undefined;
  readonly vmImage: NamedFile | undefined;
  readonly rootfs: NamedFile | undefined;
  readonly recovery: NamedFile | undefined;
  readonly signKey: NamedFile | undefined;
  readonly bootMatrix: NamedFile | undefined;
  /** A folder. */
  readonly promotion: NamedFile | undefined;
}

/** A label that is also the name of a folder. */
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;
const FILES = ['iso', 'vm-image', 'rootfs', 'recovery', 'sign-key', 'boot-matrix', 'promotion-dir'] as const;

/**
 * Finds the files that the flags name, and refuses what no release can be made of, before anything is written.
 * @throws LaneError `usage`; ReleaseError `same-file`; HeldFileError for a file that is not there, or lies in the release's folder
 */
export async function readRequest(flags: ReleaseFlags, cwd: string): Promise<ReleaseRequest> {
  const { release } = flags;
  if (!LABEL.test(release)) {
    throw new LaneError(
      'usage',
      `--release: expected letters, digits and . _ + -, found ${JSON.stringify(release)}`,
    );
  }
  if (flags.iso === undefined && flags['vm-image'] === undefined) {
    throw new LaneError('usage', 'expected an image to release', {
      fix: 'name one with --iso or --vm-image',
    });
  }
  if (flags['vm-format'] !== undefined && flags['vm-image'] === undefined) {
    throw new LaneError('usage', '--vm-format: goes with --vm-image only');
  }
  if (flags.reason !== undefined && flags['sign-key'] !== undefined) {
    throw new LaneError('usage', '--reason: says why nothing is signed, and --sign-key signs');
  }
  const folder = flags['output-dir'] ?? join('artifacts', 'os-images', release);
  const file = (name: (typeof FILES)[number]): NamedFile | undefined => {
    const path = flags[name];
    return path === undefined ? undefined : { path, resolved: resolve(cwd, path) };
  };
  const seen = new Map<string, string>();
  for (const name of FILES) {
    const named = file(name);
    if (named === undefined) continue;
    const identity = await identityOf(named.resolved);
    const other = seen.get(identity);
    if (other !== undefined) {
      throw new ReleaseError(
        'same-file',
        `--${name}: ${named.path} is the file that --${other} names`,
        'name each file once, by the flag of what it is',
      );
    }
    seen.set(identity, name);
    await assertOutside(name, named.resolved, resolve(cwd, folder), 'release');
  }
  const [iso, vmImage] = [file('iso'), file('vm-image')];
  if (iso !== undefined && vmImage !== undefined && basename(iso.path) === basename(vmImage.path)) {
    throw new ReleaseError(
      'same-file',
      `${basename(iso.path)}: both images have this name, and lie in one folder in the bundle`,
      'rename one of them',
    );
  }
  return {
    ...{ flags, folder, iso, vmImage },
    rootfs: file('rootfs'),
    recovery: file('recovery'),
    signKey: file('sign-key'),
    bootMatrix: file('boot-matrix'),
    promotion: file('promotion-dir'),
  };
}

async function identityOf(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    throw readFailure(path, error);
  }
}
