// SPDX-License-Identifier: Apache-2.0

/**
 * What a signature is for. It is signed along with the message, so that one made for an artifact is none for a review
 * of it (OpenSSH, PROTOCOL.sshsig, section 2).
 */
export const NAMESPACES = {
  /** An artifact, or a file SHA256SUMS. */
  artifact: 'latticra-os-image',
  /** A build record. */
  build: 'latticra-build',
  /** A boot record. */
  boot: 'latticra-boot',
  /** A transcript that a person filled in. */
  transcript: 'latticra-transcript',
  /** A review. */
  review: 'latticra-review',
} as const;

/** One of {@link NAMESPACES}. */
export type Namespace = (typeof NAMESPACES)[keyof typeof NAMESPACES];
