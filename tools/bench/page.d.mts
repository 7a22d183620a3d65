// SPDX-License-Identifier: Apache-2.0
export function withTable(page: string, heading: string, printed: string): string;
