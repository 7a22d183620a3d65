// SPDX-License-Identifier: Apache-2.0
export function upstreamVersion(version: string | undefined): string | undefined;
