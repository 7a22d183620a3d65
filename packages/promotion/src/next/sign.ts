// SPDX-License-Identifier: Apache-2.0
import type { Namespace } from '@latticra/signature';
import type { Piece } from '../evidence/piece.js';
import type { Signers } from '../release/signers.js';
import { inEvidence, type NextCommand, PLACEHOLDERS } from './command.js';

/** Returns the command that brings the signature of a file, whose own does not count: where there is none it is signed, else the lists are given. */
export function signCommand(
  { path, signature }: Pick<Piece, 'path' | 'signature'>,
  namespace: Namespace,
  signers: Pick<Signers, 'canTell'>,
  key: string = PLACEHOLDERS.builderKey,
): NextCommand {
  const sign = ['--artifact', inEvidence(path), '--namespace', namespace, '--key', key] as const;
  if (signature === undefined) return { words: ['latticra-os-image-sign', ...sign] };
  if (!signers.canTell) return EVALUATE_WITH_LIST;
  // One that lies there is never replaced: whoever looks into it decides whether it goes, or the list changes.
  return {
    words: [
      ...(['ssh-keygen', '-Y', 'find-principals', '-f', PLACEHOLDERS.allowedSigners] as const),
      ...['-s', inEvidence(signature.path)],
    ],
  };
}

const EVALUATE_WITH_LIST: NextCommand = {
  words: [
    ...(['latticra-os-image-promotion-evaluate', '--evidence-dir', inEvidence('')] as const),
    ...['--allowed-signers', PLACEHOLDERS.allowedSigners],
  ],
};
