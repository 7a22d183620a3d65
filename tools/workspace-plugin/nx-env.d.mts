// SPDX-License-Identifier: Apache-2.0
export function nxEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
