// SPDX-License-Identifier: Apache-2.0
import type { SpdxDocument } from '../spdx/document.js';

/** Writes the document as JSON, indented by two spaces, members in the document's own order, a line feed at the end. */
export function formatSbom(document: SpdxDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
