// SPDX-License-Identifier: Apache-2.0
export type { BlocksDigest, Digests, FileDigest, Room, StreamDigest } from './digests.js';
export { digestHere } from './here.js';
export { type DigestsOptions, withDigests } from './with-digests.js';
