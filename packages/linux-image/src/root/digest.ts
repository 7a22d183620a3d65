// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { TarMember } from '@latticra/tar';

/** A digest over all that members say of themselves, without their contents. */
export interface MemberDigest {
  add(member: TarMember): void;
  /** Returns lower-case hexadecimal. */
  end(): string;
}

/** Characters that are gathered before they are digested: a call for each member would take longer than all else. */
const BATCH = 1 << 14;

/**
 * Starts a digest of members in their order: what a root is called by before its contents were read. The same tree gives
 * the same one, whatever its archive is compressed with and in which of tar's forms its headers are written.
 */
export function digestMembers(): MemberDigest {
  const hash = createHash('sha256');
  let text = '';
  const flush = () => {
    hash.update(text, 'latin1');
    text = '';
  };
  const addXattrs = (xattrs: TarMember['xattrs']) => {
    flush();
    for (const [name, value] of [...xattrs].sort(([a], [b]) => (a < b ? -1 : 1))) {
      hash.update(`${name}\0${value.length}\0`, 'latin1').update(value);
    }
  };
  return {
    add({ path, type, mode, uid, gid, mtime, size, target = '', device, xattrs, sparse }) {
      const { seconds, nanoseconds } = mtime;
      const numbers = `${mode} ${uid} ${gid} ${seconds} ${nanoseconds} ${size}`;
      const runs = sparse?.map(({ offset, length }) => `${offset}+${length}`).join(',') ?? '';
      // NUL ends each part: no path or target holds one.
      text += `${type} ${numbers} ${device?.major ?? ''} ${device?.minor ?? ''} ${runs}\0${path}\0${target}\0`;
      if (xattrs.size > 0) addXattrs(xattrs);
      else if (text.length > BATCH) flush();
    },
    end: () => {
      flush();
      return hash.digest('hex');
    },
  };
}

/** A digest over all bytes of an archive that are no content: two archives with the same one have the same members. */
export interface HeaderDigest {
  add(bytes: Uint8Array): void;
  /** Returns lower-case hexadecimal. */
  end(): string;
}

/** Bytes of headers that are gathered before they are digested. */
const HEADERS_BYTES = 1 << 15;

/** Starts a digest of the headers of an archive in their order. */
export function digestHeaders(): HeaderDigest {
  const hash = createHash('sha256');
  const batch = new Uint8Array(HEADERS_BYTES);
  let used = 0;
  const flush = () => {
    hash.update(batch.subarray(0, used));
    used = 0;
  };
  return {
    add(bytes) {
      if (used + bytes.length > batch.length) flush();
      if (bytes.length > batch.length) hash.update(bytes);
      else {
        batch.set(bytes, used);
        used += bytes.length;
      }
    },
    end: () => {
      flush();
      return hash.digest('hex');
    },
  };
}
