// SPDX-License-Identifier: Apache-2.0

/** The titles of the documents that a page takes values from. */
export const RECORD = 'LATTICRA BOOT MATRIX RECORD';
export const SMOKE = 'LATTICRA BOOT SEED QEMU SMOKE';
export const MANIFEST = 'LATTICRA OS IMAGE ARTIFACT MANIFEST';
export const VALIDATION = 'LATTICRA OS IMAGE ARTIFACT MANIFEST VALIDATION';
export const SEED_BUILD = 'LATTICRA BOOT SEED BUILD';
export const SEED_RECORD = 'LATTICRA BOOT SEED BUILD RECORD';
export const SEED_VM_BUILD = 'LATTICRA BOOT SEED VM IMAGE BUILD';
export const LINUX_BUILD = 'LATTICRA OS IMAGE BUILD';
export const LINUX_VALIDATION = 'LATTICRA OS IMAGE BUILD VALIDATION';
export const INPUTS = 'LATTICRA OS IMAGE INPUT BUNDLE MANIFEST';
export const BUNDLE = 'LATTICRA OS IMAGE OPERATOR BUNDLE';
export const USB_COMMAND = 'LATTICRA OS IMAGE USB WRITE COMMAND TEMPLATE';
export const VM_COMMAND = 'LATTICRA OS IMAGE VM TEST COMMAND TEMPLATE';
export const SEAL = 'LATTICRA SEAL REPORT';
export const REHEARSAL = 'LATTICRA OS IMAGE REHEARSAL';
export const PROMOTION_LISTING = 'LATTICRA OS IMAGE OPERATOR BUNDLE PROMOTION EVIDENCE';
export const EVALUATION = 'LATTICRA OS IMAGE PROMOTION EVALUATION';

/** What each document that is known is, in words; others are documents that this version does not know. */
const MEANING: ReadonlyMap<string, string> = new Map([
  [RECORD, 'record of a boot'],
  [SMOKE, 'report of a boot'],
  [MANIFEST, 'artifact manifest'],
  [VALIDATION, 'validation of the artifact manifest'],
  [SEED_BUILD, 'build of the boot seed'],
  [SEED_VM_BUILD, 'build of the VM image'],
  [SEED_RECORD, 'build record of the boot seed'],
  ['LATTICRA BOOT SEED BUILD VALIDATION', 'validation of a build of the boot seed'],
  [LINUX_BUILD, 'build record of the release'],
  [LINUX_VALIDATION, 'validation of the build'],
  [INPUTS, 'manifest of the inputs'],
  ['LATTICRA OS IMAGE INPUT BUNDLE VALIDATION', 'validation of the inputs'],
  [BUNDLE, 'report of the operator bundle'],
  [USB_COMMAND, 'command that writes the USB stick'],
  [VM_COMMAND, 'command that tries the VM image'],
  [SEAL, 'Seal report'],
  [REHEARSAL, 'report of the rehearsal'],
  [EVALUATION, 'promotion evaluation'],
  [PROMOTION_LISTING, 'list of the promotion evidence of a bundle'],
  ['LATTICRA OS IMAGE OPERATOR BUNDLE VERIFICATION', 'verification of an operator bundle'],
  ['LATTICRA OS IMAGE ARTIFACT MANIFEST TEMPLATE', 'form for an artifact manifest'],
  ['LATTICRA OS IMAGE RELEASE STATE', 'how far latticra release is'],
  ['LATTICRA OS IMAGE SIGNATURE', 'report of a signature'],
  ['LATTICRA OS IMAGE UNSIGNED LOCAL STATUS', 'declaration that an image is not signed'],
  ['LATTICRA OS IMAGE ATTESTATION', 'report of attestations'],
  ['LATTICRA OS IMAGE ATTESTATION VERIFICATION', 'verification of attestations'],
  ['LATTICRA EVIDENCE REPORT', 'report of a page'],
  ['LATTICRA OS IMAGE REVIEW', 'review'],
  ['LATTICRA OS IMAGE TRANSCRIPT TEMPLATE', 'form for a transcript'],
  ['LATTICRA OS IMAGE TRANSCRIPT VALIDATION', 'validation of a transcript'],
  ['LATTICRA OS IMAGE TRANSCRIPT', 'transcript'],
  ['LATTICRA OS IMAGE RELEASE PREFLIGHT', 'preflight of the release'],
  ['LATTICRA OS IMAGE BUILD PREFLIGHT', 'preflight of the build'],
  ['LATTICRA OS IMAGE TOOLCHAIN PREFLIGHT', 'preflight of the tools'],
  ['LATTICRA OS IMAGE INSPECTION', 'inspection of a file'],
  ['LATTICRA OS IMAGE SBOM CHECK', 'check of an SBOM'],
  ['LATTICRA OS IMAGE BUILD PLAN', 'plan of a build'],
  ['LATTICRA OPERATOR CONSENT', 'consent of an operator'],
  ['LATTICRA SEAL MANIFEST', 'Seal: what latticra.seal says'],
  ['LATTICRA SEAL CAPABILITY METADATA', 'Seal: capability'],
  ['LATTICRA SEAL POLICY DECISION', 'Seal: policy decision'],
  ['LATTICRA SEAL RUNTIME DRY RUN', 'Seal: dry run'],
  ['LATTICRA SEAL OPERATOR RECEIPT REPORT', 'Seal: receipt'],
  ['SEABIOS GRUB BOOT PREVIEW EVIDENCE', 'boot preview: evidence'],
  ['SEABIOS GRUB BOOT PREVIEW EVIDENCE VALIDATION', 'boot preview: validation of evidence'],
  ['SEABIOS GRUB BOOT PREVIEW EVIDENCE CAPTURE', 'boot preview: capture'],
  ['SEABIOS GRUB BOOT PREVIEW EVIDENCE CAPTURE TEMPLATE', 'boot preview: form for evidence'],
  ['SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST TEMPLATE', 'boot preview: form for a manifest'],
  ['SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST VALIDATION', 'boot preview: validation of the manifest'],
  ['SEABIOS GRUB BOOT PREVIEW QEMU ARGV TEMPLATE', 'boot preview: form for a command line'],
  ['SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST', 'boot preview: manifest'],
  ['SEABIOS GRUB BOOT PREVIEW IMAGE BUILD', 'boot preview: image'],
  ['SEABIOS GRUB BOOT PREVIEW PREFLIGHT', 'boot preview: preflight'],
]);

/** Returns what a document is, in words; undefined for a title that is not known. */
export function meaningOf(title: string): string | undefined {
  return MEANING.get(title);
}
