// SPDX-License-Identifier: Apache-2.0
import type { AttestationSigner } from '../key/signer.js';
import type { Statement } from '../statement/statement.js';
import { formatEnvelope } from './envelope.js';
import { preAuthEncoding } from './pae.js';
import { STATEMENT_PAYLOAD_TYPE } from './payload-type.js';

/** Signs a statement, and returns the file of its envelope: one line of JSON. @throws AttestationError as the signer does */
export async function signStatement(statement: Statement, signer: AttestationSigner): Promise<string> {
  const payload = Buffer.from(JSON.stringify(statement));
  const sig = await signer.sign(preAuthEncoding(STATEMENT_PAYLOAD_TYPE, payload));
  return formatEnvelope({
    payloadType: STATEMENT_PAYLOAD_TYPE,
    payload,
    signatures: [{ keyid: signer.key.fingerprint, sig }],
  });
}
