// SPDX-License-Identifier: Apache-2.0
import type { Attachment } from '@latticra/qemu-argv';
import { BootCaseError } from '../error.js';
import type { BootMatrix, MatrixImage, MatrixMachine } from './matrix.js';

/** One image, attached one way, on one machine. */
export interface BootCase {
  /** `<image>_<attach>_<machine>`: no two cases of a matrix share it, for none of the parts has a `_`. */
  readonly name: string;
  readonly image: MatrixImage;
  readonly attach: Attachment;
  readonly machine: MatrixMachine;
}

/** Returns the name of the case of these three. */
export function caseName(image: string, attach: Attachment, machine: string): string {
  return `${image}_${attach}_${machine}`;
}

/** Returns every case of a matrix, image by image. */
export function matrixCases({ images, machines }: BootMatrix): BootCase[] {
  return images.flatMap((image) =>
    image.attach.flatMap((attach) =>
      machines.map((machine) => ({
        name: caseName(image.name, attach, machine.name),
        image,
        attach,
        machine,
      })),
    ),
  );
}

/**
 * Finds the case of that name.
 * @throws BootCaseError `unknown-case` with some of the names that there are
 */
export function caseNamed(matrix: BootMatrix, name: string): BootCase {
  const cases = matrixCases(matrix);
  const found = cases.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const some = cases.map((candidate) => candidate.name).slice(0, 3);
  throw new BootCaseError('unknown-case', `no case ${JSON.stringify(name)} in the matrix`, {
    fix: `take one that the list command prints: ${some.join(', ')}${cases.length > 3 ? ', …' : ''}`,
  });
}
