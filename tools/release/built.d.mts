// SPDX-License-Identifier: Apache-2.0
export function writeStamp(root: string, project: string, known?: Map<string, string>): void;
export function whyNotBuilt(root: string, project: string, known?: Map<string, string>): string | undefined;
