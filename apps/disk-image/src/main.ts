#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { runProgram } from '@latticra/lane';
import { program } from './program.js';

runProgram(program).then((status) => process.exit(status));
