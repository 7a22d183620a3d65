// SPDX-License-Identifier: Apache-2.0
import {
  always,
  bit,
  claims,
  type DocumentValue,
  defineDocument,
  derived,
  digest,
  type FieldLine,
  field,
  numbered,
  oneOf,
  orNone,
  path,
  readinessClaims,
  text,
  wholeNumber,
} from '@latticra/evidence-format/define';
import { FIELD_NAMES, type FieldName } from '../fields/names.js';
import { utcTime } from '../transcript/scalars.js';

type FieldLines = {
  readonly [Name in FieldName]:
    | FieldLine<`fields.${Name}.isSatisfied`, boolean>
    | FieldLine<`fields.${Name}.evidence`, string>;
}[FieldName];

/** The two lines of each field: whether it is satisfied, and by what, or what is missing. */
const fieldLines = FIELD_NAMES.flatMap((name) => [
  field(name, `fields.${name}.isSatisfied`, bit),
  field(`${name}_evidence`, `fields.${name}.evidence`, text),
]) as unknown as readonly FieldLines[];

/** What of an evaluation its derived lines follow from. */
interface Evaluated {
  readonly fields: Readonly<Record<FieldName, { readonly isSatisfied: boolean }>>;
}

const unsatisfied = ({ fields }: Evaluated) => FIELD_NAMES.filter((name) => !fields[name].isSatisfied).length;

/** What a folder of evidence shows of a release, field by field. It promotes nothing: a person changes the fixture. */
export const promotionEvaluation = defineDocument('LATTICRA OS IMAGE PROMOTION EVALUATION', [
  always('evaluation_version', 1),
  always('promotion_decision', 'evidence-evaluated-only-no-readiness-promotion'),
  // In the folder of evidence.
  field('artifact_manifest_path', 'manifest.path', orNone(path)),
  field('artifact_manifest_sha256', 'manifest.sha256', orNone(digest)),
  field('artifact_version', 'version', orNone(text)),
  field('source_tag', 'tag', orNone(text)),
  field('iso_artifact_sha256', 'iso', orNone(digest)),
  field('vm_image_sha256', 'vmImage', orNone(digest)),
  field('system', 'system', oneOf(['linux', 'boot-seed', 'unknown'])),
  field('allowed_signers_sha256', 'allowedSigners', orNone(digest)),
  field('revoked_keys_sha256', 'revokedKeys', orNone(digest)),
  // Which builder has which key, where provenance of builders counts.
  field('pins_sha256', 'pins', orNone(digest)),
  // The time at which a signer's key has to be valid.
  field('verify_time', 'verifyTime', utcTime),
  field('reviews_required', 'reviewsRequired', bit),
  ...fieldLines,
  derived('promotion_evidence_complete', (found: Evaluated) => (unsatisfied(found) === 0 ? 1 : 0)),
  // Whether each of the fields was satisfied by evidence that somebody else than its producer approved.
  field('promotion_reviewed', 'isReviewed', bit),
  derived('unsatisfied_count', unsatisfied),
  field('evidence_count', 'count', wholeNumber),
  field('unrecognized_count', 'unrecognizedCount', wholeNumber),
  field('refused_count', 'refusedCount', wholeNumber),
  ...claims('usb_write_execution_allowed', 'usb_write_executed', 'qemu_execution_allowed_by_guard'),
  ...readinessClaims,
  // The field, and the command to type next.
  numbered('unsatisfied', 'unsatisfied', text, { prefix: 'next_', first: 1 }),
  numbered('unrecognized', 'unrecognized', text, { prefix: 'file_', first: 1 }),
  numbered('refused', 'refused', text, { prefix: 'file_', first: 1 }),
]);
/** What an evaluation says; digests are 64 hexadecimal digits, paths are in the folder of evidence. */
export type PromotionEvaluation = DocumentValue<typeof promotionEvaluation>;
