import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { createLog } from '../../bridge/observe/log.js';
import { startScene } from '../demo/scene.js';
import type { CliIo } from '../io.js';
import { stayUntilStopped } from '../stay.js';
