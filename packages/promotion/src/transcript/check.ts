// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import { PromotionError } from '../error.js';
import { readLog, sessionOf, showsCommand, showsWord, type TerminalLog } from './log.js';
import type { Transcript } from './schema.js';

/** What to do about a transcript that says what cannot be so. */
export const AS_IT_WAS = 'correct the transcript, as it was; what did not happen is no evidence';

/**
 * Holds a transcript against its log: the log has to show the digest of the image, the serial numbers of device and machine and the
 * command as words of their own, and to have been made within the times of the transcript, where it says when.
 * @param name of the transcript, for messages
 * @returns whether the log says by itself when it was made, and what it is a session of, as `sessionOf`
 * @throws PromotionError `bad-transcript` for one that contradicts itself; `log-differs` for a log that shows something else
 */
export function checkTranscript(
  name: string,
  found: Transcript,
  bytes: Uint8Array,
): { readonly isTimed: boolean; readonly session: string } {
  const contradiction = contradictionIn(found);
  if (contradiction !== undefined) {
    throw new PromotionError('bad-transcript', `${name}: ${contradiction}`, {
      fix: AS_IT_WAS,
    });
  }
  const log = readLog(bytes);
  const difference = log.problem ?? differenceTo(found, log);
  if (difference === undefined) return { isTimed: log.times !== undefined, session: sessionOf(log) };
  throw new PromotionError('log-differs', `${name}: its log ${found.log.path} ${difference}`, {
    fix: 'record it again with script, showing the digest and both serial numbers on the terminal',
  });
}

/** Returns what a transcript says that cannot be so, in a sentence; undefined where all fits. */
function contradictionIn({
  kind,
  startedAt,
  endedAt,
  device,
  image,
  machine,
  command,
}: Transcript): string | undefined {
  if (endedAt < startedAt) return `ended_at ${endedAt} is before started_at ${startedAt}`;
  if (kind === 'usb-write' && !device.isRemovable)
    return 'target_device_verified_removable: expected 1 where an image is written to a USB device';
  if (kind === 'usb-write' && device.size < image.size)
    return `device_size_bytes ${device.size} is less than the image's ${image.size}`;
  const other = kind === 'usb-write' ? otherDevice(command, device.path) : undefined;
  if (other !== undefined) return `its command writes to ${other}, and device_path is ${device.path}`;
  if (device.serial === machine.serial) return 'machine_serial and device_serial are the same';
  return undefined;
}

/**
 * Finds a device that a command names as what dd writes to, and that is another one; macOS has two names for each. A name in another folder,
 * as of a link below `/dev/disk/by-id`, may be one of the same device: what it led to is not known.
 */
function otherDevice(command: string, path: string): string | undefined {
  const plain = (name: string) => name.replace(/^\/dev\/rdisk/, '/dev/disk');
  const mayBeSame = (name: string) => plain(name) === plain(path) || dirname(name) !== dirname(path);
  const written = [...command.matchAll(/(?:^|\s)of=['"]?(\/dev\/[^\s'"]+)/g)].map(([, name = '']) => name);
  return written.find((name) => !mayBeSame(name));
}

/** Returns why a transcript is of work that was not done yet at a time, in a sentence; undefined where it was. */
export function aheadOf({ endedAt }: Transcript, at: Date): string | undefined {
  const time = at.getTime();
  return Date.parse(endedAt) <= time
    ? undefined
    : `ended_at ${endedAt} is after ${stamp(time)}, the time that signatures are verified at`;
}

function differenceTo(found: Transcript, { text, times, exitCode }: TerminalLog): string | undefined {
  const { image, device, machine, command, outcome, startedAt, endedAt } = found;
  for (const [what, word] of [
    ['the digest of the image', image.sha256],
    ['the device with the serial number', device.serial],
    ['the machine with the serial number', machine.serial],
  ] as const) {
    if (!showsWord(text, word)) return `does not show ${what} ${word}`;
  }
  if (!showsCommand(text, command)) return 'does not show the command';
  if (outcome === 'done' && exitCode !== undefined && exitCode !== 0)
    return `says that its command exited with ${exitCode}, and outcome is done`;
  if (times === undefined) return undefined;
  if (times.ended < times.started) return 'ends before it begins';
  if (times.started < Date.parse(startedAt) || times.ended > Date.parse(endedAt))
    return `was made from ${stamp(times.started)} to ${stamp(times.ended)}, outside of started_at and ended_at`;
  return undefined;
}

/** Writes a time as documents have it. */
export const stamp = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
