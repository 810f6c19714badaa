/** A fault that happens to connections in the field, and what comes of it. */
export interface FaultRow {
  /** Also the tag of the tests that prove the row. */
  readonly id: string
  readonly fault: string
  /** How the tests bring it about. */
  readonly injected: string
  /** What a user of the app sees, and what the code can read. */
  readonly seen: string
  /** Why no test runs it, for a row that cannot be run. */
  readonly notRun?: string
}

/** A part of the fault list. */
export interface FaultGroup {
  readonly title: string
  readonly rows: readonly FaultRow[]
}

/**
 * Every fault that was looked at. `docs/reliability.md` shows this list, `npm run faults` runs it: a
 * test that carries the tag `fault-<id>` proves the row.
 */
export const faultGroups: readonly FaultGroup[] = [
  {
    title: 'Network',
    rows: [
      {
        id: '1',
        fault: 'The link is reset while idle',
        injected: 'proxy: RST on both sides',
        seen: '`reconnecting` at once, `lastClose` 1006 by the network, then `open` again',
      },
      {
        id: '3',
        fault: 'The link ends without a close frame',
        injected: 'proxy: FIN on both sides',
        seen: 'the same as a reset',
      },
      {
        id: '4',
        fault: 'Nothing passes any more in either direction',
        injected: 'proxy: black hole, both ways',
        seen: 'with a `heartbeat`: `reconnecting` after `intervalMs` + `timeoutMs`, `error` `heartbeat-timeout`',
      },
      {
        id: '5',
        fault: 'Nothing reaches the server any more',
        injected: 'proxy: black hole, up',
        seen: 'as above as soon as the server falls silent; as long as it is heard, the link counts as alive',
      },
      {
        id: '6',
        fault: 'Nothing comes from the server any more',
        injected: 'proxy: black hole, down',
        seen: 'as with both directions',
      },
      {
        id: '9',
        fault: 'Latency of 2 s, give or take 1 s',
        injected: 'proxy: delay with jitter, seeded',
        seen: 'stays `open`; `latencyMs` shows it',
      },
      {
        id: '10',
        fault: 'Latency rises past the heartbeat’s patience',
        injected: 'proxy: delay, while open',
        seen: 'one reconnect for each time nothing was heard for that long',
      },
      {
        id: '11',
        fault: 'Bytes drip in one at a time',
        injected: 'proxy: one byte every 50 ms',
        seen: 'a handshake that drips ends with `connect-timeout`; a message that drips is whole or is not told, and is no sign of life before',
      },
      {
        id: '12',
        fault: 'A link of 2 kB/s with 200 kB to send',
        injected: 'a socket that takes 40 kB/s: everything is 20 times as fast',
        seen: '`queued` goes down as messages leave; `pacing` bounds what the socket holds; order is kept, and so is the heartbeat while `pacing.highWaterBytes` is less than the link takes in `timeoutMs`. Above that its pings wait behind the data, and the link is taken for dead',
      },
      {
        id: '16',
        fault: 'The server accepts and never answers the handshake',
        injected: 'proxy: hang',
        seen: '`reconnecting` after `connectTimeoutMs`, not after the browser’s 240 s',
      },
      {
        id: '17',
        fault: 'Packets to the server vanish before there is a link',
        injected: 'a stopped server whose backlog is full, so that the system drops each SYN',
        seen: 'the same as a hung handshake',
      },
      {
        id: '18',
        fault: 'The name of the server is not found',
        injected: 'Chromium: `--host-resolver-rules`',
        seen: '`reconnecting` with 1006; browsers do not tell the cause',
      },
      {
        id: '19',
        fault: 'The connection is refused for 5 minutes',
        injected: 'proxy: refuse; five minutes of it by a moved clock',
        seen: '`reconnecting` with growing, capped, jittered waits; open within the cap once it is back',
      },
      {
        id: '20',
        fault: 'The upgrade is answered with 401',
        injected: 'server: HTTP 401',
        seen: '`reconnecting` with 1006, for no browser tells the status; `params` are asked again each time',
      },
      {
        id: '21',
        fault: 'The upgrade is answered with 403',
        injected: 'server: HTTP 403',
        seen: 'the same as 401, no faster than the backoff',
      },
      {
        id: '22',
        fault: 'The upgrade is answered with 429 or 503 and Retry-After',
        injected: 'server: HTTP 429, 503',
        seen: 'the same as 401; the header cannot be read by a page',
      },
      {
        id: '23',
        fault: 'The upgrade is answered with a redirect',
        injected: 'server: HTTP 301, 302',
        seen: 'the same as 401; the redirect is not followed',
      },
      {
        id: '24',
        fault: 'A captive portal answers everything with a page',
        injected: 'server: HTTP 200 with HTML',
        seen: 'never `open`; `reconnecting` until the portal lets through',
      },
      {
        id: '25',
        fault: 'The server picks no subprotocol, or another one',
        injected: 'server: 101 without or with a foreign `Sec-WebSocket-Protocol`',
        seen: 'never `open`; `reconnecting` with 1006',
      },
      {
        id: '26',
        fault: 'A foreign server lets in and sends garbage',
        injected: 'server: text that is no JSON',
        seen: '`open`; every piece is reported as `malformed-message`, and the connection stays',
      },
      {
        id: '27',
        fault: 'The certificate is self-signed, expired, or for another name',
        injected: 'TLS server with such certificates, of which Chromium trusts none',
        seen: '`reconnecting` with 1006, no faster than the backoff',
      },
      {
        id: '28',
        fault: 'A proxy ends links that are idle',
        injected: 'proxy: idle time-out',
        seen: 'nothing with a `heartbeat` below that time; a plain reconnect without one',
      },
      {
        id: '29',
        fault: 'A proxy collects frames and passes them on together',
        injected: 'proxy: coalesce',
        seen: 'nothing; every message once, in order',
      },
      {
        id: '30',
        fault: 'The machine changes its network',
        injected: 'Chromium: offline and online again, links gone',
        seen: '`pausedBy: "offline"`, then `open` soon after the network is back',
      },
      {
        id: 'frames',
        fault: 'One frame is lost, late, garbled, or put in by somebody else',
        injected: 'proxy: suppress, delay, replace, inject the k-th frame',
        seen: 'the others, in order; garbage is reported as `malformed-message`; a lost answer to a ping leads to a new socket',
      },
      {
        id: '33',
        fault: 'The link flaps: up for a second, down for a second',
        injected: 'proxy: reset and refuse in turn',
        seen: '`attempt` goes on counting, so waits grow; nothing is lost from the queue or doubled',
      },
    ],
  },
  {
    title: 'Server',
    rows: [
      {
        id: '37',
        fault: 'A deploy closes 2,000 clients with 1012',
        injected: '2,000 connections in simulated time',
        seen: '`reconnecting`; arrivals are spread evenly over the first window of the backoff (500 ms), and all are back',
      },
      {
        id: '38',
        fault: 'The server goes away (1001)',
        injected: 'server: close 1001',
        seen: '`reconnecting`, then `open`',
      },
      {
        id: '39',
        fault: 'The server is overloaded (1013, 4429)',
        injected: 'server: close with these codes',
        seen: '`reconnecting`, not before 5 s; `lastClose.code` tells why',
      },
      {
        id: '40',
        fault: 'The server refuses for good (4400, 4403, 4404, 4500 and up)',
        injected: 'server: close with these codes',
        seen: '`failed`; `reconnect()` starts over',
      },
      {
        id: '41',
        fault: 'The token has expired (4401), and its refresh works, fails or hangs',
        injected: 'server: close 4401; `params` that resolve, reject or never settle',
        seen: 'one refresh at once; refused again: `failed`; a refresh that hangs ends with its deadline, then backoff',
      },
      {
        id: '55',
        fault: 'A handler of the server throws or hangs',
        injected: 'server: no answer to a request, or an error',
        seen: '`request` rejects with `request-timeout`, when its signal is aborted, or with `request-failed` and what the server said',
      },
      {
        id: '56',
        fault: 'The server acknowledges what was never sent',
        injected: '',
        seen: '',
        notRun: 'belongs to acknowledged sessions, which do not exist yet',
      },
      {
        id: '57',
        fault: 'Client and server have different versions',
        injected: '',
        seen: '',
        notRun: 'belongs to the protocol of sessions, which does not exist yet',
      },
    ],
  },
  {
    title: 'Browser',
    rows: [
      {
        id: '58',
        fault: 'The network goes and comes back',
        injected: 'Chromium: offline, online',
        seen: 'a waiting retry shows `pausedBy: "offline"` at once, an open socket with a `heartbeat` after its probe; no attempts; `open` again soon after it is back',
      },
      {
        id: '59',
        fault: 'An open socket stalls while offline and is never closed',
        injected: 'Chromium: offline',
        seen: 'with a `heartbeat` it is replaced, and what the old socket still brings is ignored; without one it stays, and brings late what was held up',
      },
      {
        id: '60',
        fault: 'The page is frozen',
        injected: 'Chromium: `Page.setWebLifecycleState`, for up to 15 s',
        seen: 'a live link again soon after it resumes',
      },
      {
        id: '61',
        fault: 'The page goes into the back/forward cache and returns',
        injected: 'Chromium: history',
        seen: 'restored, not reloaded; one new socket; the old one’s late 1006 is ignored',
      },
      {
        id: '65',
        fault: 'A hidden tab whose timers run once a minute',
        injected: 'Chromium: another tab in front, intensive throttling',
        seen: 'stays `open`, a server’s ping is answered at once',
      },
      {
        id: '66',
        fault: 'The link dies while the tab is hidden',
        injected: 'Chromium hidden, proxy: black hole',
        seen: 'replaced at the next timer, or at once when the tab is seen again',
      },
      {
        id: '67',
        fault: 'A slow processor, and a main thread that is blocked for 2 s',
        injected: 'Chromium: CPU throttled 20 times; a busy loop',
        seen: 'nothing: lateness of the page is not taken for a dead link',
      },
      {
        id: '68',
        fault: 'The tab crashes and is opened again',
        injected: 'Chromium: `Page.crash`',
        seen: 'a new connection; the server has one socket',
      },
      {
        id: '72',
        fault: 'StrictMode mounts everything twice',
        injected: 'React in development',
        seen: 'one socket',
      },
      {
        id: '73',
        fault: 'A module is replaced while it is edited',
        injected: 'Vite’s hot module replacement, 20 edits',
        seen: 'edited components keep their socket; a module with `createConnection` gets a new one each time, and the old one is closed after `lingerMs`, unless the module itself keeps a lease; none is leaked',
      },
      {
        id: '74',
        fault: '`<Activity>` hides and shows, Suspense retries',
        injected: 'React',
        seen: 'one socket; nothing is missed by what stays mounted',
      },
      {
        id: '75',
        fault: 'The route changes between a request and its answer',
        injected: 'React: the asking component unmounts',
        seen: 'the request goes on unless its `signal` ends it, and nothing of it is shown; the socket stays if the next route uses it within `lingerMs`',
      },
      {
        id: '76',
        fault: 'The last user leaves and another comes 50 ms later',
        injected: 'React: unmount, mount',
        seen: 'the same socket',
      },
      {
        id: '77',
        fault: 'Rendering on a server',
        injected: '`renderToString` in Node without browser globals',
        seen: '`idle`, no socket; hydration without a warning',
      },
      {
        id: '78',
        fault: 'A content security policy forbids the address',
        injected: 'Chromium: `connect-src`',
        seen: 'never `open`; `reconnecting` no faster than the backoff, the browser’s console names the policy',
      },
      {
        id: '79',
        fault: '300 sockets to one host',
        injected: 'Chromium: 300 connections with keys of their own',
        seen: 'the browser opens 255, the others keep retrying; 300 components of one URL need one',
      },
    ],
  },
  {
    title: 'Input',
    rows: [
      {
        id: '81',
        fault: 'Malformed, truncated, empty frames; `null`, `[]`, `{}`',
        injected: 'server: such frames; random bytes and mutated JSON',
        seen: '`malformed-message`, counted and told to `onInvalid`; what is valid JSON is a message',
      },
      {
        id: '82',
        fault: 'Messages from 1 byte to 10 MB; a frame that claims 2^63 bytes',
        injected: 'server, raw TCP',
        seen: 'above `maxMessageBytes`: `message-too-large`, the connection stays; an impossible frame ends the socket; one that never comes is silence, which a `heartbeat` ends',
      },
      {
        id: '83',
        fault: 'JSON nested a million times, with a million keys, with endless digits',
        injected: 'server: such messages',
        seen: 'a message, or `malformed-message`; the page lives',
      },
      {
        id: '84',
        fault: '`__proto__`, `constructor`, `toString` as topic, type or key',
        injected: 'server: such messages',
        seen: 'messages like any other; no prototype changes',
      },
      {
        id: '85',
        fault: 'Lone surrogates, NUL, BOM, U+2028, split emoji',
        injected: 'echo through a real server',
        seen: 'the same text comes back',
      },
      {
        id: '86',
        fault:
          'NaN, −0, Infinity, undefined, Date, Map, BigInt, cycles, getters that throw, proxies',
        injected: '`sendJSON` with such values',
        seen: 'what `JSON.stringify` makes of it, or `encode-failed` thrown at once; no place in the queue is taken',
      },
      {
        id: '87',
        fault: 'Binary: empty, detached, a view with an offset, a Blob, shared memory',
        injected: '`send` with such values',
        seen: 'the bytes as they were when sent, or an error at once; for shared memory that had to wait, a `drop`',
      },
      {
        id: '88',
        fault: 'Endless fragments, floods of pings, reserved bits, bad UTF-8',
        injected: 'raw TCP server in front of Chromium and of `ws`',
        seen: '1006, `reconnecting` with backoff; fragments without end, which a browser collects, are silence to a `heartbeat`; pings are answered below the page, which goes on',
      },
      {
        id: '89',
        fault: 'A small frame that unpacks to a huge message',
        injected: 'server with permessage-deflate; the envelope codec',
        seen: '`message-too-large`; the envelope codec stops unpacking at its limit',
      },
    ],
  },
  {
    title: 'Load',
    rows: [
      {
        id: '92',
        fault: '100,000 messages at once to one page',
        injected: '100,000 messages as fast as the server can send them, in Chromium',
        seen: 'renders once a frame, every message is taken in, server pings are answered',
      },
      {
        id: '93',
        fault: '10,000 sends in one task',
        injected: 'a loop over `sendJSON`',
        seen: 'in order; above the queue’s bound `queue-full` is thrown and nothing else is lost',
      },
      {
        id: '94',
        fault: 'The server reads too slowly, or stops reading',
        injected: 'proxy: throttle; server: paused socket',
        seen: '`queued` grows up to the queue’s bound; what the browser holds stays under `pacing.highWaterBytes`',
      },
      {
        id: 'chaos',
        fault:
          'Random cuts, silences and delays for a minute (`npm run faults -- --minutes 60` for an hour)',
        injected: 'proxy, server and page, by plans with a seed; messages numbered both ways',
        seen: 'no message doubled, none out of order on its socket, losses only in what a lost socket had taken or told as `drop`; heap and handles flat',
      },
      {
        id: 'storm',
        fault: '500 clients lose their server for 2 s',
        injected: 'simulated time, and for real',
        seen: 'arrivals follow the jitter: per 100 ms at most three times what an even spread over the window of the backoff would bring, on average over storms; all back within the cap',
      },
      {
        id: 'leaks',
        fault: '2,000 rounds of mounting and unmounting',
        injected: 'Chromium with forced garbage collection',
        seen: 'less than 1 MB more heap; no live socket, listener or timer',
      },
      {
        id: 'fuzz',
        fault: '100,000 frames of random bytes and mutated JSON',
        injected: 'generated, seeded',
        seen: 'each is a message, a report, or an answer or pong that was waited for; nothing is thrown into React, no prototype changes, nothing grows',
      },
    ],
  },
  {
    title: 'Other browsers',
    rows: [
      {
        id: 'firefox-smoke',
        fault: 'Firefox with the built package: messages, bytes, StrictMode',
        injected: 'Firefox ESR, driven by WebDriver BiDi',
        seen: 'the same as in Chromium: one socket, everything once',
      },
      {
        id: 'firefox-closes',
        fault: 'Firefox: `close()`, and the close codes 1001, 1012, 4000 and 4403 of a server',
        injected: 'Firefox ESR; server: close with these codes',
        seen: 'the same as in Chromium; the server gets code and reason',
      },
      {
        id: 'firefox-link',
        fault: 'Firefox: the link is reset, ends, dies silently, or never answers the handshake',
        injected: 'Firefox ESR; proxy: RST, FIN, silence, hang',
        seen: 'the same as in Chromium',
      },
      {
        id: 'firefox-queue',
        fault: 'Firefox: messages are sent while there is no link',
        injected: 'Firefox ESR; proxy: refuse',
        seen: 'they arrive once and in order when there is one again',
      },
      {
        id: 'firefox-offline',
        fault: 'Firefox: the network goes and comes back',
        injected:
          'Firefox ESR; BiDi `emulation.setNetworkConditions`, which lets open sockets live, so the proxy silences them',
        seen: 'with a `heartbeat` `pausedBy: "offline"` at once, no attempts, `open` soon after it is back',
      },
      {
        id: 'firefox-bfcache',
        fault: 'Firefox: the page is left and comes back',
        injected: 'Firefox ESR: history',
        seen: 'with an open socket Firefox keeps no page: it is a new one with one new socket; a page that waits to reconnect is restored, and connects at once',
      },
      {
        id: 'firefox-freeze',
        fault: 'Firefox: the page is frozen',
        injected: '',
        seen: '',
        notRun: 'Firefox has neither such events nor a command for it',
      },
      {
        id: 'webkit-smoke',
        fault: 'WebKit with the built package: messages, bytes, StrictMode',
        injected: 'WebKitGTK, driven by WebDriver',
        seen: 'the same as in Chromium: one socket, everything once',
      },
      {
        id: 'webkit-closes',
        fault: 'WebKit: `close()`, and the close codes 1001, 1012, 4000 and 4403 of a server',
        injected: 'WebKitGTK; server: close with these codes',
        seen: 'the same as in Chromium, but WebKitGTK tells pages 1006 for 1012, 1013 and 1014; codes from 3000 up arrive',
      },
      {
        id: 'webkit-link',
        fault: 'WebKit: the link is reset, ends, dies silently, or never answers the handshake',
        injected: 'WebKitGTK; proxy: RST, FIN, silence, hang',
        seen: 'the same as in Chromium',
      },
      {
        id: 'webkit-queue',
        fault: 'WebKit: messages are sent while there is no link',
        injected: 'WebKitGTK; proxy: refuse',
        seen: 'they arrive once and in order when there is one again',
      },
      {
        id: 'webkit-offline',
        fault: 'WebKit: the network goes and comes back',
        injected:
          'WebKitGTK in a network namespace whose default route is taken away; the proxy silences the open socket',
        seen: 'with a `heartbeat` `pausedBy: "offline"` as soon as WebKit tells (it takes about 3 s), no attempts, `open` soon after it tells the return',
      },
      {
        id: 'webkit-bfcache',
        fault: 'WebKit: the page is left and comes back',
        injected: 'WebKitGTK: history',
        seen: 'restored, not reloaded; the socket was closed with 1000, and there is one new one',
      },
      {
        id: 'webkit-freeze',
        fault: 'WebKit: the page is frozen',
        injected: '',
        seen: '',
        notRun: 'WebKit has neither such events nor a command for it',
      },
    ],
  },
]
