// SPDX-License-Identifier: Apache-2.0
/**
 * Makes memory that begins where a page does, of `length` bytes: what goes past the page cache has to lie so, and the system copies the rest
 * to and from it in two thirds of the time that it takes where malloc puts it, sixteen bytes further on.
 * @internal
 */
export function pageMemory(length: number): Uint8Array<ArrayBuffer> {
  // What could be made another length has pages of its own; the types do not know of it before those of ES2024.
  const Resizable: new (length: number, options: { maxByteLength: number }) => ArrayBuffer = ArrayBuffer;
  return new Uint8Array(new Resizable(length, { maxByteLength: length }), 0, length);
}

/** Makes such memory that threads can share. @internal */
export function sharedPageMemory(length: number): Uint8Array<SharedArrayBuffer> {
  const Growable: new (length: number, options: { maxByteLength: number }) => SharedArrayBuffer =
    SharedArrayBuffer;
  return new Uint8Array(new Growable(length, { maxByteLength: length }), 0, length);
}
