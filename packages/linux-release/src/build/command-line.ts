// SPDX-License-Identifier: Apache-2.0
import { HELPER_PARAMETER, ROOT_DEVICE } from '@latticra/linux-image';
import { LinuxReleaseError } from '../error.js';

/** Parameters that this build decides; a second value of one would undo the binding of the root. */
const OWN = /^(?:root|rootfstype|rdinit|latticra\..*)$/;
const BUILD_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What the command line of a system is made of. */
export interface CommandLineParts {
  /** What the operator wants on it. */
  readonly given: string;
  readonly buildId: string;
  /** The hash that the root is bound to; undefined for a root that nobody verifies, or none. */
  readonly rootHash: string | undefined;
  readonly hasRoot: boolean;
}

/**
 * Composes the command line: what was given, a console on the serial line unless one is named, the root, the hash that
 * it is bound to, and the build id, by which a log of a boot names the image that it is of.
 * @throws LinuxReleaseError `bad-option`
 */
export function composeCommandLine({ given, buildId, rootHash, hasRoot }: CommandLineParts): string {
  const words = given.split(/ +/).filter((word) => word !== '');
  const own = words.find((word) => OWN.test(word.split('=', 1)[0] ?? ''));
  if (own !== undefined && (hasRoot || own.startsWith('latticra.'))) {
    throw new LinuxReleaseError('bad-option', `--command-line: ${own} is decided by the build`, {
      fix: 'leave it out; --root says how the root is read',
    });
  }
  if (!BUILD_ID.test(buildId)) {
    throw new LinuxReleaseError(
      'bad-option',
      `--build-id: expected up to 64 letters, digits, . _ -, found ${JSON.stringify(buildId)}`,
    );
  }
  return [
    ...words,
    ...(words.some((word) => word.startsWith('console=')) ? [] : ['console=ttyS0']),
    ...(hasRoot ? [HELPER_PARAMETER, `root=${ROOT_DEVICE}`, 'rootfstype=erofs', 'ro'] : []),
    ...(rootHash === undefined ? [] : [`latticra.roothash=${rootHash}`]),
    `latticra.build=${buildId}`,
  ].join(' ');
}
