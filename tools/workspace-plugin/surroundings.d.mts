// SPDX-License-Identifier: Apache-2.0
export function surroundingsOf(project: string, root: string, withTests: boolean): string[];
