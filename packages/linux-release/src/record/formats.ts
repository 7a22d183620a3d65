// SPDX-License-Identifier: Apache-2.0

/** The images that a release can have. */
export const IMAGE_FORMATS = ['iso', 'qcow2', 'raw'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];
