// SPDX-License-Identifier: Apache-2.0
/** The matrix that a command is about. */
export const MATRIX_FLAG = {
  matrix: {
    value: 'path',
    placeholder: 'file',
    default: 'boot-matrix.toml',
    help: 'the matrix',
  },
} as const;
