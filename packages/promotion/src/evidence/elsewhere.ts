// SPDX-License-Identifier: Apache-2.0

/** Documents of ours that prove nothing here, each by its title, and where what they say is looked for instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'SEABIOS GRUB BOOT PREVIEW EVIDENCE':
    'the evidence of a boot preview, whose firmware can only be looked at on the machine of the boot: seabios-grub-boot-preview-evidence-validate checks it there, and a boot that counts here is recorded by latticra-boot-matrix run',
  'LATTICRA BOOT SEED QEMU SMOKE':
    'the report of a smoke, which nobody can derive again: a boot that counts here is recorded by latticra-boot-matrix run',
};

/** Returns what a document is that was read, and cannot be held against anything, for a person. */
export function unprovenDocument(title: string): string {
  const known = Object.hasOwn(ELSEWHERE, title) ? ELSEWHERE[title] : undefined;
  return known ?? `a document of the kind ${title}, which proves nothing by itself`;
}
