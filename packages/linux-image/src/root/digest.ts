// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { TarMember } from '@latticra/tar';

/** A digest over all that members say of themselves, without their contents. */
export interface MemberDigest {
  add(member: TarMember): void;
  /** Returns lower-case hexadecimal. */
  end(): string;
}

/**
 * Starts a digest of members in their order: what a root is called by before its contents were read. The same tree gives
 * the same one, whatever its archive is compressed with and in which of tar's forms its headers are written.
 */
export function digestMembers(): MemberDigest {
  const hash = createHash('sha256');
  return {
    add({ path, type, mode, uid, gid, mtime, size, target = '', device, xattrs, sparse }) {
      const numbers = [
        mode,
        uid,
        gid,
        mtime.seconds,
        mtime.nanoseconds,
        size,
        device?.major ?? '',
        device?.minor ?? '',
      ];
      const runs = sparse?.map(({ offset, length }) => `${offset}+${length}`).join(',') ?? '';
      // NUL ends each part: no path or target holds one.
      hash.update(`${[type, ...numbers, runs].join(' ')}\0${path}\0${target}\0`, 'latin1');
      for (const [name, value] of [...xattrs].sort(([a], [b]) => (a < b ? -1 : 1))) {
        hash.update(`${name}\0${value.length}\0`, 'latin1').update(value);
      }
    },
    end: () => hash.digest('hex'),
  };
}
