import { findFirefox } from '../../scripts/other-browsers.mjs'
import { launchFirefox } from '../rig/engines/firefox'
import { describeEngine } from './other-browsers-contract'

describeEngine({
  name: 'Firefox',
  launch: launchFirefox,
  isThere: findFirefox() !== undefined,
  canGoOffline: true,
  // It decides before a page is told that it is left.
  cachesOpenSockets: false,
  code1012: { code: 1012, by: 'server' },
  tags: {
    smoke: 'fault-firefox-smoke',
    closes: 'fault-firefox-closes',
    link: 'fault-firefox-link',
    queue: 'fault-firefox-queue',
    offline: 'fault-firefox-offline',
    backForward: 'fault-firefox-bfcache',
  },
})
