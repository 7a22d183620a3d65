// SPDX-License-Identifier: Apache-2.0
import {
  always,
  claims,
  type DocumentValue,
  defineDocument,
  digest,
  field,
  text,
} from '@latticra/evidence-format/define';

/** The declaration that a file is handed over without a signature, knowingly: of what, and why. */
export const unsignedLocal = defineDocument('LATTICRA OS IMAGE UNSIGNED LOCAL STATUS', [
  always('signature_status', 'unsigned-local'),
  field('artifact_name', 'artifactName', text),
  field('artifact_sha256', 'sha256', digest),
  field('unsigned_local_reason', 'reason', text),
  ...claims('bootable_os_ready', 'production_os_claim'),
]);

/** What such a declaration says. */
export type UnsignedLocal = DocumentValue<typeof unsignedLocal>;

/** Returns the path of the declaration that belongs to the file at `path`. */
export function unsignedLocalPath(path: string): string {
  return `${path}.unsigned-local.txt`;
}
