// SPDX-License-Identifier: Apache-2.0
import { describeRaids } from '../../test/besieged.js';
import { STREAM_RAIDS } from '../../test/raids/streams.js';

describeRaids('reading back while it is changed', STREAM_RAIDS);
