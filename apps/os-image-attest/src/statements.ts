// SPDX-License-Identifier: Apache-2.0
import type { Statement } from '@latticra/attestation';

/** A statement, and what its file is called. */
export interface NamedStatement {
  readonly name: string;
  readonly statement: Statement;
}
