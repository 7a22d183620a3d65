// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { formatCommand } from '@latticra/shell-words';

/** A path in the folder of evidence, with `/` between names; empty for the folder itself. */
export interface InEvidence {
  readonly inEvidence: string;
}

/** A word of a command: as it stands, or a path in the folder of evidence. */
export type Word = string | InEvidence;

/** What to type next: a program and its arguments, and the file that takes what it prints. */
export interface NextCommand {
  readonly words: readonly [string, ...Word[]];
  /** Undefined where the answer is for the person who reads it. */
  readonly into?: InEvidence;
}

/** What stands in a command for what the person alone knows who types it. */
export const PLACEHOLDERS = {
  builderKey: 'BUILDER_KEY',
  operatorKey: 'OPERATOR_KEY',
  machineKey: 'MACHINE_KEY',
  reviewer: 'REVIEWER',
  reviewerKey: 'REVIEWER_KEY',
  allowedSigners: 'ALLOWED_SIGNERS',
  kernel: 'KERNEL',
  initramfs: 'INITRAMFS',
  rootfs: 'ROOTFS_TAR',
  runbook: 'RUNBOOK',
  image: 'IMAGE',
  environment: 'BUILD_ENVIRONMENT',
} as const;

/** Returns a word for a path in the folder of evidence. */
export const inEvidence = (path: string): InEvidence => ({ inEvidence: path });

/**
 * Formats a command as one line for a shell.
 * @param folder the folder of evidence as it is named from where the command is typed; left out, it is typed in that folder
 */
export function formatNext({ words, into }: NextCommand, folder = ''): string {
  const text = (word: Word) => (typeof word === 'string' ? word : pathFrom(folder, word));
  const command = formatCommand(words.map(text));
  return into === undefined ? command : `${command} > ${formatCommand([text(into)])}`;
}

function pathFrom(folder: string, { inEvidence: path }: InEvidence): string {
  if (folder !== '') return posix.join(folder, path);
  if (path === '') return '.';
  // A name must not be taken for a flag.
  return path.startsWith('-') ? `./${path}` : path;
}
