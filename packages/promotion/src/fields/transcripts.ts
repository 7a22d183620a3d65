// SPDX-License-Identifier: Apache-2.0
import { NAMESPACES } from '@latticra/signature';
import { isOf, type PieceOf } from '../evidence/piece.js';
import { inEvidence, type NextCommand, PLACEHOLDERS } from '../next/command.js';
import { signCommand } from '../next/sign.js';
import { otherThanNamed } from '../release/names.js';
import { aheadOf } from '../transcript/check.js';
import { KIND_IS_OF, type TranscriptKind } from '../transcript/kinds.js';
import type { Context } from './context.js';
import { missing, type Outcome, shown } from './outcome.js';

/** Returns the transcripts of a kind that are of an image of this release. */
export function transcriptsOf({ evidence, subject }: Context, kind: TranscriptKind): PieceOf<'transcript'>[] {
  return evidence.pieces.filter(
    (piece): piece is PieceOf<'transcript'> =>
      isOf(piece, 'transcript') &&
      piece.content.transcript.kind === kind &&
      subject.images.has(piece.content.transcript.image.sha256),
  );
}

/** Returns why a transcript of an image of this release does not count, in a sentence; undefined where it does. */
export function problemOf(
  piece: PieceOf<'transcript'>,
  { signers, logs, subject }: Context,
): string | undefined {
  const { transcript } = piece.content;
  const { by, problem } = signers.of(piece, NAMESPACES.transcript);
  if (problem !== undefined) return problem;
  if (by.principal !== transcript.operator)
    return `${piece.path} ${otherThanNamed(by.principal, transcript.operator, 'operator')}`;
  const ahead = signers.at && aheadOf(transcript, signers.at);
  if (ahead !== undefined) return `${piece.path}: ${ahead}`;
  if (transcript.outcome !== 'done') return `${piece.path} says that it failed`;
  if (transcript.artifactVersion !== subject.version)
    return `${piece.path} is of version ${transcript.artifactVersion}`;
  const other = logs.otherThan(piece);
  return other === undefined
    ? undefined
    : `${piece.path} and ${other.path} are of one log, which shows one thing`;
}

/** Returns what says whether a person did something of that kind with an image of this release. */
export function transcriptOf(kind: TranscriptKind): (context: Context) => Outcome {
  return (context) => {
    let bad: { readonly piece: PieceOf<'transcript'>; readonly problem: string } | undefined;
    for (const piece of transcriptsOf(context, kind)) {
      const problem = problemOf(piece, context);
      if (problem === undefined) return shown(piece);
      bad ??= { piece, problem };
    }
    const what = `a signed transcript of ${KIND_IS_OF[kind]}`;
    if (bad === undefined) return missing(what, formOf(kind));
    return missing(`${what}: ${bad.problem}`, mend(bad.piece, context));
  };
}

/** Returns the command that prints the form of a transcript. */
const formOf = (kind: TranscriptKind): NextCommand => ({
  words: ['latticra-os-image-transcript-template', '--kind', kind],
});

/** Returns the command for a transcript that does not count: it is signed, or looked at with the list, or the work is done again. */
function mend(piece: PieceOf<'transcript'>, { signers }: Context): NextCommand {
  const { kind, operator } = piece.content.transcript;
  const { by } = signers.of(piece, NAMESPACES.transcript);
  if (by === undefined) return signCommand(piece, NAMESPACES.transcript, signers, PLACEHOLDERS.operatorKey);
  if (by.principal === operator) return formOf(kind);
  const validate = ['--transcript', inEvidence(piece.path), '--allowed-signers', PLACEHOLDERS.allowedSigners];
  return { words: ['latticra-os-image-transcript-validate', ...validate] };
}
