// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { viewOf } from '../layout/view.js';

const VERSION = 2;
const HEADER = 4;
const ENTRY = 8;
/** Owner, user, group, named group, mask and others (include/uapi/linux/posix_acl.h). */
const TAGS: readonly number[] = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20];

/**
 * Refuses an ACL that is not in the kernel's binary form: EROFS holds it as it is, and a folder with another would be
 * one that nobody can enter.
 * @throws ImageError `corrupt`
 */
export function assertAcl(name: string, value: Uint8Array): void {
  const view = viewOf(value);
  const isWhole = value.length >= HEADER && (value.length - HEADER) % ENTRY === 0;
  const known = () => {
    for (let at = HEADER; at < value.length; at += ENTRY) {
      if (!TAGS.includes(view.getUint16(at, true)) || view.getUint16(at + 2, true) > 7) return false;
    }
    return true;
  };
  if (isWhole && view.getUint32(0, true) === VERSION && known()) return;
  throw new ImageError('corrupt', `has a ${name} that is no ACL in the kernel's binary form`);
}
