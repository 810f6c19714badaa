import { findWebKit } from '../../scripts/other-browsers.mjs'
import { canHaveOwnNetwork } from '../rig/engines/own-network'
import { launchWebKit } from '../rig/engines/webkit'
import { describeEngine } from './other-browsers-contract'

describeEngine({
  name: 'WebKit',
  launch: launchWebKit,
  isThere: findWebKit() !== undefined,
  canGoOffline: canHaveOwnNetwork(),
  cachesOpenSockets: true,
  // The library below WebKitGTK takes 1012 to 1014 for an error of the protocol.
  code1012: { code: 1006, by: 'network' },
  tags: {
    smoke: 'fault-webkit-smoke',
    closes: 'fault-webkit-closes',
    link: 'fault-webkit-link',
    queue: 'fault-webkit-queue',
    offline: 'fault-webkit-offline',
    backForward: 'fault-webkit-bfcache',
  },
})
