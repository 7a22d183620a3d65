// SPDX-License-Identifier: Apache-2.0

/** A field that a rehearsal left open, and what it tells a person to type. */
export interface OpenField {
  readonly field: string;
  readonly needs: string;
  readonly command: string;
}

/** Reads the open fields off the board that a rehearsal prints. */
export function openFields(stdout: string): OpenField[] {
  return [...stdout.matchAll(/^ {2}open (\w+)\n +needs (.+)\n +type {2}(.+)$/gm)].map(
    ([, field = '', needs = '', command = '']) => ({ field, needs, command }),
  );
}
