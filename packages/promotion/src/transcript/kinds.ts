// SPDX-License-Identifier: Apache-2.0

/** What a person does with hardware that a transcript can be of. */
export const TRANSCRIPT_KINDS = ['usb-write', 'install', 'post-install', 'recovery'] as const;
export type TranscriptKind = (typeof TRANSCRIPT_KINDS)[number];

/** What each kind is of, for a person, as the end of a sentence. */
export const KIND_IS_OF: Readonly<Record<TranscriptKind, string>> = {
  'usb-write': 'writing the image to a USB device',
  install: 'installing from the image onto the disk of a machine',
  'post-install': 'looking at the machine after it started from what was installed',
  recovery: 'taking the system away, or putting the machine back, by the runbook',
};
