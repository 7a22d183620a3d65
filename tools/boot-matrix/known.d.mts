// SPDX-License-Identifier: Apache-2.0
export function keepKnown(root: string, machine: string): void;
export function isAnythingKnown(root: string): boolean;
export function forgetKnown(root: string): void;
export function isKnown(root: string, machine: string, files?: string): boolean;
export function digestFiles(root: string): string;
