// SPDX-License-Identifier: Apache-2.0
export const SIZE_LINE: RegExp;
