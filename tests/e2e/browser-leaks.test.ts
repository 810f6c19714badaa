import { expect, it } from 'vitest'
import { preparePage } from '../rig/chromium/browser-rig'
import { measureMemory } from '../rig/chromium/page-memory'
import { eventually } from '../rig/waiting'

const openPage = preparePage('leaks')

const rounds = 2000
const megabyte = 1_048_576

it(
  'mounting and unmounting 2,000 times leaves no memory, socket, listener or timer behind',
  { tags: ['fault-leaks'], timeout: 300_000 },
  async () => {
    const { server, page } = await openPage({ chooseUrl: (served) => served.server.url })

    /** Plays that many rounds, and waits until all they have begun is over. */
    async function play(count: number): Promise<void> {
      await page.evaluate(`leaks.run(${count})`)
      await eventually(() => server.connected === 1, 'the mainstay alone is connected')
      // Its heartbeat is the only timer.
      await page.waitFor('leaks.timers === 1')
    }

    // Until everything has been compiled, and whatever is made once has been made.
    await play(300)
    const { heapBytes: bytesBefore, ...before } = await measureMemory(page)
    const connectionsBefore = server.totalConnections
    await play(rounds)
    const { heapBytes: bytesAfter, ...after } = await measureMemory(page)
    expect(server.totalConnections - connectionsBefore).toBeGreaterThan(rounds / 2)
    expect(after).toEqual({ ...before, sockets: 1 })
    expect(bytesAfter - bytesBefore).toBeLessThan(megabyte)
  },
)
