// SPDX-License-Identifier: Apache-2.0
/** Flags that say which files are meant. */
export const IMAGE_FLAGS = {
  image: {
    value: 'path',
    placeholder: 'image',
    required: true,
    operand: true,
    help: 'the image to look into',
  },
  partition: {
    value: 'integer',
    min: 1,
    max: 128,
    help: 'the partition with the files (default: the only one that has some)',
  },
  names: {
    value: 'choice',
    choices: ['rock-ridge', 'joliet', 'plain'],
    help: 'the names of an ISO to go by (default: the first of these that it has)',
  },
} as const;
