import { Profiler, StrictMode } from 'react'
import { flushSync } from 'react-dom'
import type { UseWebSocketOptions, WebSocketView } from 'wirehook'
import { NewestMessage, Recorder, StatusLine } from './components'
import { readConfiguration } from './configuration'
import { createDemoLog } from './demo'
import { LatestNews, MessageCount, Total } from './readers'
import { recordPageEvents } from './recorded-page-events'
import { recordSockets } from './recorded-sockets'
import { createPageRoot } from './root'
import { answerServerPing } from './server-pings'

const { url, options: given = {} } = readConfiguration()
const options: UseWebSocketOptions = {
  ...given,
  heartbeat: given.heartbeat ? { ...given.heartbeat, reply: answerServerPing } : false,
}
const log = createDemoLog()
const root = createPageRoot()
let newestView: WebSocketView | undefined

function takeView(view: WebSocketView): void {
  newestView = view
}

function countCommit(id: string): void {
  log.renders[id] = (log.renders[id] ?? 0) + 1
}

function mount(): void {
  const shared = { url, options }
  flushSync(() =>
    root.render(
      <StrictMode>
        <Recorder {...shared} log={log} onView={takeView} />
        <Profiler id="status" onRender={countCommit}>
          <StatusLine {...shared} />
        </Profiler>
        <Profiler id="first" onRender={countCommit}>
          <NewestMessage {...shared} id="first" />
        </Profiler>
        <Profiler id="second" onRender={countCommit}>
          <NewestMessage {...shared} id="second" />
        </Profiler>
        <Profiler id="latest" onRender={countCommit}>
          <LatestNews source={url} />
        </Profiler>
        <Profiler id="list" onRender={countCommit}>
          <MessageCount source={url} />
        </Profiler>
        <Profiler id="total" onRender={countCommit}>
          <Total source={url} />
        </Profiler>
      </StrictMode>,
    ),
  )
}

recordPageEvents(log.events)
window.demo = {
  ...log,
  sockets: recordSockets(log.events),
  mount,
  unmount: () => flushSync(() => root.render(null)),
  sendJSON: (value) => void newestView?.sendJSON(value),
  reconnect: () => newestView?.reconnect(),
  close: (code, reason) => newestView?.close(code, reason),
}
mount()
