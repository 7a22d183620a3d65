// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { refuse } from '../error.js';

/** The type of a payload that is an in-toto statement. */
export const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
/** The same, with the kind of its predicate, which decides nothing (in-toto attestation framework, envelope.md). */
const OF_A_PREDICATE = /^application\/vnd\.in-toto\.[A-Za-z0-9][A-Za-z0-9._-]{0,99}\+json$/;

/** Refuses a payload that is called anything but an in-toto statement. @throws AttestationError `payload-type` */
export function assertPayloadType(payloadType: string): void {
  if (payloadType === STATEMENT_PAYLOAD_TYPE || OF_A_PREDICATE.test(payloadType)) return;
  throw refuse(
    'payload-type',
    `a payload of the type ${quoteText(payloadType)}, expected ${STATEMENT_PAYLOAD_TYPE}`,
  );
}
