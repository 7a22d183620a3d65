// SPDX-License-Identifier: Apache-2.0

/** Half a surrogate pair: UTF-16 that no other encoding can say, so two tools would name it differently. */
export const LONE_SURROGATE = /\p{Surrogate}/u;
