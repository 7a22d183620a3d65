// SPDX-License-Identifier: Apache-2.0
import { NAMESPACES } from '@latticra/signature';
import { distinctFiles } from '../evidence/copies.js';
import { isOf, type Piece, type PieceOf } from '../evidence/piece.js';
import { bootCommand } from '../next/boot.js';
import { PLACEHOLDERS } from '../next/command.js';
import { signCommand } from '../next/sign.js';
import type { Context } from './context.js';
import { missing, type Outcome, shown } from './outcome.js';

/** Returns the records of boots of images of this release that went as they had to; a copy of a record is the same record. */
export function bootsOf({
  evidence,
  subject,
  signers,
}: Pick<Context, 'evidence' | 'subject' | 'signers'>): readonly PieceOf<'boot-record'>[] {
  const isOne = (piece: Piece): piece is PieceOf<'boot-record'> => {
    if (!isOf(piece, 'boot-record')) return false;
    const { record, verdict } = piece.content.verified;
    return record.expect === 'boot' && verdict.outcome === 'booted' && subject.images.has(record.imageBefore);
  };
  return distinctFiles(
    evidence.pieces.filter(isOne),
    (piece) => signers.of(piece, NAMESPACES.boot).by !== undefined,
  );
}

/** Returns why the signature beside a record does not hold; undefined where it does, or there is none. */
export function signatureProblem(piece: PieceOf<'boot-record'>, { signers }: Context): string | undefined {
  return piece.signature === undefined ? undefined : signers.of(piece, NAMESPACES.boot).problem;
}

/** Returns a boot that counts, or what is missing. */
function boot(context: Context, what: string): PieceOf<'boot-record'> | Outcome {
  let bad: { readonly piece: PieceOf<'boot-record'>; readonly problem: string } | undefined;
  for (const piece of bootsOf(context)) {
    const problem = signatureProblem(piece, context);
    if (problem === undefined) return piece;
    bad ??= { piece, problem };
  }
  if (bad === undefined) return missing(what, bootCommand(context));
  const sign = signCommand(bad.piece, NAMESPACES.boot, context.signers, PLACEHOLDERS.machineKey);
  return missing(`${what}: ${bad.problem}`, sign);
}

/** Says whether an image of this release was booted in a virtual machine, as far as its record shows. */
export function vmBoot(context: Context): Outcome {
  const found = boot(context, 'the record of a boot of an image of this release');
  return 'missing' in found ? found : shown(found);
}

/** Says whether the serial console of such a boot was kept. */
export function serialLog(context: Context): Outcome {
  const found = boot(context, 'the serial log of a boot of an image of this release');
  if ('missing' in found) return found;
  const log = context.byPath.get(found.content.logPath);
  return log === undefined || log.size === 0
    ? missing('a serial log that says something', bootCommand(context, found))
    : shown(log);
}
