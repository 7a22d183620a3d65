// SPDX-License-Identifier: Apache-2.0
import type { CreateNodesV2 } from '@nx/devkit';

/**
 * Returns the names of a matrix's cases.
 * @param text of a boot-matrix.toml
 * @throws an Error that names the place where a case has no name; Nx puts the file's name before it
 */
export declare function caseNames(text: string): string[];

/** The function that Nx asks a plugin for. */
export declare const createNodesV2: CreateNodesV2;
