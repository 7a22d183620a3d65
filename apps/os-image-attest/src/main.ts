#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { runLane } from '@latticra/lane';
import { lane } from './lane.js';

runLane(lane).then((status) => process.exit(status));
