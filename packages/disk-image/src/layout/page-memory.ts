// SPDX-License-Identifier: Apache-2.0
/**
 * Makes memory that begins where a page does, of `length` bytes: the system copies to and from it in two thirds of the time that it
 * takes where malloc puts it, sixteen bytes further on.
 */
export function pageMemory(length: number): Uint8Array<ArrayBuffer> {
  // What could be made another length has pages of its own; where there is no such thing, the option says nothing.
  const Resizable: new (length: number, options: { maxByteLength: number }) => ArrayBuffer = ArrayBuffer;
  return new Uint8Array(new Resizable(length, { maxByteLength: length }), 0, length);
}
