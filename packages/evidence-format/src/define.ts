// SPDX-License-Identifier: Apache-2.0
export {
  type DocumentDescription,
  type DocumentValue,
  defineDocument,
  type OutlineLine,
} from './description/description.js';
export {
  always,
  claims,
  derived,
  field,
  numbered,
  numberedKey,
  optional,
  type Part,
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
