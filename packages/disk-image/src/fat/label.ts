// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';

/** What stands in the boot sector of a volume without a label. */
export const NO_LABEL = 'NO NAME    ';

const LABEL = /^[A-Z0-9$%'_@~`!(){}^#& -]{1,11}$/;

/** Makes the eleven characters of a volume label, `NO NAME` where there is none. @throws ImageError `bad-name` */
export function labelField(label: string | undefined): string {
  if (label === undefined) return NO_LABEL;
  if (!LABEL.test(label) || /^ | $/.test(label)) {
    throw new ImageError(
      'bad-name',
      `volume label ${JSON.stringify(label)}: expected 1 to 11 characters of A-Z, 0-9 and $%'_@~\`!(){}^#&-, spaces inside`,
    );
  }
  return label.padEnd(11);
}
