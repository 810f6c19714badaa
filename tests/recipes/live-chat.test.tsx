import { render } from '@testing-library/react'
import { expect, it } from 'vitest'
import { createConnection } from 'wirehook'
import { LiveChat, type ChatFromServer, type ChatToServer } from '../../docs/recipes/live-chat'
import { createActedEnvironment, nextUrl } from '../react/acted-environment'

it('a chat joins each room once on a link, also if its list is made anew on every render', async () => {
  const environment = createActedEnvironment()
  const chat = createConnection<ChatFromServer, ChatToServer>(nextUrl(), { environment })
  const show = (...rooms: string[]) => <LiveChat connection={chat} rooms={rooms} author="Ada" />
  const { rerender } = render(show('General', 'Random'))
  await environment.advance(0)
  const socket = environment.newestSocket()
  await socket.open()
  rerender(show('General', 'Random'))
  const joined = [
    { type: 'join', room: 'General' },
    { type: 'join', room: 'Random' },
  ]
  expect(socket.sentJSON()).toEqual(joined)

  rerender(show('Kitchen'))
  expect(socket.sentJSON()).toEqual([...joined, { type: 'join', room: 'Kitchen' }])
})
