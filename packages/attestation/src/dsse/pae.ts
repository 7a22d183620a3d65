// SPDX-License-Identifier: Apache-2.0

/**
 * Returns what a signature of an envelope is over: the pre-authentication encoding of type and payload (DSSE v1,
 * protocol.md). Lengths are in bytes, in decimal.
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
}
