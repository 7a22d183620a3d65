// SPDX-License-Identifier: Apache-2.0

export {
  type DocumentDescription,
  type DocumentValue,
  defineDocument,
  type OutlineLine,
} from './description/description.js';
export { buildNonEffects, readinessClaims } from './description/non-effects.js';
export {
  type AlwaysLine,
  always,
  claims,
  type DerivedLine,
  derived,
  type FieldLine,
  field,
  type Line,
  type NumberedSection,
  numbered,
  numberedKey,
  type OptionalLines,
  optional,
  type Part,
  type SectionPart,
  section,
} from './description/part.js';
export {
  anyText,
  bit,
  called,
  convert,
  digest,
  matching,
  NONE,
  oneOf,
  orNone,
  orWord,
  path,
  type Scalar,
  text,
  where,
  wholeNumber,
} from './description/scalar.js';
export {
  commit,
  type RecordedSource,
  sourceLines,
  sourceProblem,
  UNKNOWN,
} from './description/source.js';
export type { Derivable, ValueOf } from './description/value.js';
