// SPDX-License-Identifier: Apache-2.0

import { isOf, type Piece, type PieceOf } from '../evidence/piece.js';
import type { Build } from '../release/build.js';
import { buildCommand } from './build.js';
import { inEvidence, type NextCommand, PLACEHOLDERS, type Word } from './command.js';
import type { Known } from './known.js';
import { unusedPath } from './unused-path.js';

/** What there is of a release; no subject where no manifest holds. */
type KnownSoFar = Omit<Known, 'subject'> & Partial<Pick<Known, 'subject'>>;

/** Returns the command that records the images of the evidence in a manifest; where there are none, the one that makes some. */
export function manifestCommand({ evidence, builds, subject }: KnownSoFar): NextCommand {
  const { pieces } = evidence;
  const images = imagesOf(pieces, builds);
  const iso = images.find(({ format }) => format === 'iso');
  const disk = images.find(({ format }) => format !== 'iso');
  if (iso === undefined && disk === undefined) return buildCommand(evidence, subject);
  const source = builds[0]?.source;
  const version = subject?.version;
  const runbook = pieces.find(
    (piece) => isOf(piece, 'text') && builds.some(({ recovery }) => recovery === piece.sha256),
  );
  return {
    words: [
      'latticra-os-image-artifact-manifest-from-files',
      ...(version === undefined ? [] : ['--artifact-version', version]),
      ...(source === undefined
        ? []
        : ['--source-commit', source.sourceCommit, '--source-tag', source.sourceTag]),
      ...(iso === undefined ? [] : of('iso', iso, pieces)),
      ...(disk === undefined ? [] : [...of('vm', disk, pieces), '--vm-format', disk.format]),
      ...[
        '--operator-recovery-path',
        runbook === undefined ? PLACEHOLDERS.runbook : inEvidence(runbook.path),
      ],
      ...['--relative-to', inEvidence('')],
    ],
    into: unusedPath(evidence, 'manifest', '.txt'),
  };
}

interface Image {
  readonly piece: PieceOf<'image'>;
  readonly format: 'iso' | 'qcow2' | 'raw';
}

/** Finds the images by what they are; one that a build's validator measured, by the build. */
function imagesOf(pieces: readonly Piece[], builds: readonly Build[]): Image[] {
  return pieces.flatMap((piece): Image[] => {
    if (!isOf(piece, 'image')) return [];
    const kind = piece.content.inspection?.kind;
    if (kind === 'iso9660' || builds.some(({ iso }) => iso === piece.sha256))
      return [{ piece, format: 'iso' }];
    if (kind === 'qcow2') return [{ piece, format: 'qcow2' }];
    if (!builds.some(({ vmImages }) => vmImages.includes(piece.sha256))) return [];
    return [{ piece, format: piece.path.endsWith('.raw') ? 'raw' : 'qcow2' }];
  });
}

/** Returns the flags for an image: its path, its signature or that it has none, and the SBOM that lists it. */
function of(which: 'iso' | 'vm', { piece }: Image, pieces: readonly Piece[]): Word[] {
  const { path, sha256, signature } = piece;
  const sbom = pieces.find((each) => isOf(each, 'sbom') && each.content.sbom.lists.has(sha256));
  return [
    which === 'iso' ? '--iso' : '--vm-image',
    inEvidence(path),
    `--${which}-signature`,
    signature === undefined ? 'unsigned-local' : inEvidence(signature.path),
    ...(sbom === undefined ? [] : [`--${which}-sbom`, inEvidence(sbom.path)]),
  ];
}
