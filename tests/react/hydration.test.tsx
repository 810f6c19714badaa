import { screen } from '@testing-library/react'
import { StrictMode, type ReactElement } from 'react'
import { expect, it } from 'vitest'
import { useWebSocket, WebSocketProvider } from 'wirehook'
import { createActedEnvironment, nextUrl } from './acted-environment'
import { LastMessage, Status } from './displays'
import { hydrate } from './hydrate'
import { keepConsoleSilent } from './silent-console'

// Hydration that finds other content than it renders is reported on the console.
keepConsoleSilent()

it(
  'hydration begins with the markup of the server and then goes live',
  { tags: ['fault-77'] },
  async () => {
    const environment = createActedEnvironment()
    const url = nextUrl()
    const { onRecoverableError } = await hydrate(
      <StrictMode>
        <Status source={url} options={{ environment }} />
        <LastMessage source={url} options={{ environment }} />
      </StrictMode>,
    )
    await environment.advance(0)
    expect(screen.getByTestId('status')).toHaveTextContent('connecting')
    await environment.newestSocket().open()
    environment.newestSocket().receive('live')
    expect(screen.getByTestId('status')).toHaveTextContent('open')
    expect(screen.getByTestId('message')).toHaveTextContent('live')
    expect(environment.sockets).toHaveLength(1)
    expect(onRecoverableError).not.toHaveBeenCalled()
  },
)

it(
  'a relative URL of a provider hydrates although the server could not resolve it',
  { tags: ['fault-77'] },
  async () => {
    const environment = createActedEnvironment()
    const { onRecoverableError } = await hydrate(
      <WebSocketProvider url="/hydrated" environment={environment}>
        <Status />
      </WebSocketProvider>,
    )
    await environment.advance(0)
    await environment.newestSocket().open()
    expect(environment.newestSocket().url).toBe('ws://localhost:3000/hydrated')
    expect(screen.getByTestId('status')).toHaveTextContent('open')
    expect(onRecoverableError).not.toHaveBeenCalled()
  },
)

it('a component that hydrates while the connection is open already shows it at once', async () => {
  const environment = createActedEnvironment()
  const url = nextUrl()
  await hydrate(<Status source={url} options={{ environment }} />)
  await environment.advance(0)
  await environment.newestSocket().open()
  environment.newestSocket().receive('earlier')
  function Later(): ReactElement {
    const { status, lastMessage } = useWebSocket<string>(url)
    return <output>{`${status} ${lastMessage ?? 'nothing'}`}</output>
  }
  const { container, onRecoverableError } = await hydrate(<Later />)
  expect(container).toHaveTextContent('open earlier')
  expect(onRecoverableError).not.toHaveBeenCalled()
})
