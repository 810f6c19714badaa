import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { typecheckPages } from '../../scripts/typecheck-markdown.mjs'
import type { Connection } from '../../src/core'
import { hears, joinedChat, tokenFor } from './chat-clients'
import { origin, startNodeServer } from './chat-server'

const root = join(import.meta.dirname, '../..')

it('the code in the pages of the servers compiles', { timeout: 60_000 }, () => {
  const pages = ['node-server', 'python-server'].map((example) =>
    join(root, 'examples', example, 'README.md'),
  )
  const { blocks, problems } = typecheckPages(pages, join(root, '.cache', 'markdown-examples'))
  expect(problems).toEqual([])
  expect(blocks).toBe(2)
})

it('the code for the Node server connects to it, and says hello', async () => {
  const { roomUrl } = await startNodeServer()
  const bob = await joinedChat(roomUrl(), { user: 'bob' })
  const page = await readFile(join(root, 'examples/node-server/README.md'), 'utf8')
  const [, code = ''] = /```ts\n([^]*?)```/.exec(page) ?? []
  const folder = join(root, '.cache', 'readme-of-node-server')
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'lobby.ts')
  const socket = `new WebSocket(url, { origin: '${origin}' })`
  const changed = code
    .replace(/declare function fetchToken.+/, `const fetchToken = async () => '${tokenFor('ada')}'`)
    .replace('ws://localhost:8080/chat/lobby', roomUrl())
    .replace('heartbeat:', `environment: { createSocket: (url) => ${socket} }, heartbeat:`)
  await writeFile(file, `import { WebSocket } from 'ws'\n${changed}`)
  const { lobby } = (await import(file)) as { readonly lobby: Connection }
  onTestFinished(() => lobby.close())
  await hears(bob, 'ada: Hello')
})
