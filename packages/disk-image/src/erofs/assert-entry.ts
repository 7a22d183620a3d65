// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteString, ErofsEntry } from './entry.js';
import { MAX_NAME, MAX_TARGET, PERMISSION_BITS } from './format.js';

const DEVICE_TYPES: readonly string[] = ['character-device', 'block-device'];
/** The largest number is none: Linux shows an owner of that as another, and lets nobody in. */
const MAX_ID = 0xffff_fffe;
/** The bits that Linux has for the numbers of a device. */
const MAX_MAJOR = 0xfff;
const MAX_MINOR = 0xf_ffff;

/** Refuses an entry that cannot be written as it is. @throws ImageError `bad-name` or `too-large` */
export function assertEntry({ path, type, target, mode, uid, gid, mtime, size, device }: ErofsEntry): void {
  assertPath(path);
  if (type === 'hard-link') {
    assertPath(target ?? '');
    return;
  }
  if (type === 'symbolic-link') assertTarget(target ?? '');
  assertNumber('mode', mode, PERMISSION_BITS);
  assertNumber('owner', uid, MAX_ID);
  assertNumber('group', gid, MAX_ID);
  assertNumber('size', size, Number.MAX_SAFE_INTEGER);
  assertNumber('number of nanoseconds', mtime.nanoseconds, 999_999_999);
  if (!Number.isSafeInteger(mtime.seconds))
    throw new ImageError('too-large', `has a time of ${mtime.seconds} seconds`);
  if (!DEVICE_TYPES.includes(type)) return;
  if (device === undefined) throw new ImageError('bad-name', 'is a device without numbers');
  assertNumber('major device number', device.major, MAX_MAJOR);
  assertNumber('minor device number', device.minor, MAX_MINOR);
}

function assertNumber(what: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return;
  throw new ImageError('too-large', `has a ${what} of ${value}, expected a whole number up to ${most}`);
}

/** What no path may hold: an empty part, `.` or `..`, more than bytes, NUL. */
const BAD_PATH = /(?:^|\/)\.{0,2}(?:\/|$)|[^\u0001-\u00ff]/;

function assertPath(path: ByteString): void {
  if (path !== '.' && (BAD_PATH.test(path) || hasLongPart(path)))
    throw new ImageError('bad-name', 'has a path that cannot be written: empty, . or .., NUL, or too long');
}

function hasLongPart(path: ByteString): boolean {
  if (path.length <= MAX_NAME) return false;
  return path.split('/').some(({ length }) => length > MAX_NAME);
}

function assertTarget(target: ByteString): void {
  if (target.length > 0 && target.length <= MAX_TARGET && !/[^\u0001-\u00ff]/.test(target)) return;
  throw new ImageError('bad-name', 'is a symbolic link whose target is empty, too long, or has a NUL in it');
}
