import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeChatServer } from './chat-server-contract'
import { startNodeServer } from './chat-server'

describeChatServer({
  name: 'the Node server',
  isSkipped: false,
  start: startNodeServer,
  endCode: 1012,
})

it('is tested with the versions it pins', () => {
  const read = (path: string) =>
    JSON.parse(readFileSync(join(import.meta.dirname, '../..', path), 'utf8')) as {
      dependencies?: Record<string, string>
      devDependencies?: Record<string, string>
    }
  const { dependencies } = read('examples/node-server/package.json')
  expect(read('package.json').devDependencies).toMatchObject(dependencies ?? {})
})
