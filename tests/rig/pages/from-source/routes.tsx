import { Activity, StrictMode, useEffect, type ReactElement } from 'react'
import { flushSync } from 'react-dom'
import { byId, useMessages, useRequest, useWebSocket, WebSocketProvider } from 'wirehook'
import { readConfiguration } from './configuration'
import { recordSockets } from './recorded-sockets'
import { createPageRoot } from './root'

/** An app with a provider, and routes below it. */
export interface Routes {
  /** Every native socket made, oldest first. */
  readonly sockets: WebSocket[]
  /** What became of each request, such as `answered` or the name of its error. */
  readonly outcomes: string[]
  go(route: keyof typeof screens): void
  /** Asks on the route `account`. */
  ask(op: string): void
  /** The same, given up when the route is left. */
  askWhileShown(op: string): void
}

declare global {
  interface Window {
    routes: Routes
  }
}

interface Answer {
  readonly amount: number
}

const { url, options } = readConfiguration()
const root = createPageRoot()
const requests = byId()
const outcomes: string[] = []

function record(answer: Promise<Answer>): void {
  answer.then(
    () => outcomes.push('answered'),
    (error: unknown) => outcomes.push((error as Error).name),
  )
}

/** Shows what came of the newest request. */
function Account(): ReactElement {
  const { pending, data, request } = useRequest<Answer>()
  useEffect(() => {
    const leaving = new AbortController()
    routes.ask = (op) => record(request({ op }))
    routes.askWhileShown = (op) => record(request({ op }, { signal: leaving.signal }))
    return () => leaving.abort()
  }, [request])
  return <p id="account">{pending ? 'pending' : (data?.amount ?? 'nothing')}</p>
}

function About(): ReactElement {
  const { status } = useWebSocket()
  return <p id="about">{status}</p>
}

/** Shows the `n` of every message it has seen. */
function Numbers({ id }: { readonly id: string }): ReactElement {
  const messages = useMessages<{ n?: number }>({ topic: 'number', limit: Infinity })
  return <p id={id}>{messages.map(({ n }) => n).join(' ')}</p>
}

/** One list that stays, and one that comes and goes. */
function Lists({ mode }: { readonly mode: 'visible' | 'hidden' }): ReactElement {
  return (
    <>
      <Numbers id="staying" />
      <Activity mode={mode}>
        <Numbers id="changing" />
      </Activity>
    </>
  )
}

const screens = {
  account: <Account />,
  about: <About />,
  'no connection': <p>Nothing lives here.</p>,
  'both lists': <Lists mode="visible" />,
  'one list': <Lists mode="hidden" />,
}

const routes: Routes = {
  sockets: recordSockets([]),
  outcomes,
  go: (route) =>
    flushSync(() =>
      root.render(
        <StrictMode>
          <WebSocketProvider url={url} requests={requests} {...options}>
            {screens[route]}
          </WebSocketProvider>
        </StrictMode>,
      ),
    ),
  ask() {},
  askWhileShown() {},
}

window.routes = routes
routes.go('account')
