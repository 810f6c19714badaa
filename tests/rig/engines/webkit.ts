import { once } from 'node:events'
import { findWebKit } from '../../../scripts/other-browsers.mjs'
import { findFreePort } from '../free-port'
import { openEnginePage, type Engine, type PageControls } from './engine-page'
import { startOwnNetwork, type OwnNetwork } from './own-network'
import { startTiedProcess } from './tied-process'
import { evaluate, startSession, type WebDriverSession } from './web-driver'

/** A WebDriver server, in a network of its own if its browser is to go offline. */
interface Server {
  readonly url: string
  readonly network: OwnNetwork | undefined
  end(): Promise<void>
}

const host = '127.0.0.1'

/** Starts a display for WebKitGTK. Each page is a browser of its own, driven by WebDriver. */
export async function launchWebKit(): Promise<Engine> {
  const files = findWebKit()
  if (!files) throw new Error('No WebKit was found: run `node scripts/other-browsers.mjs`.')
  // Without `-noreset` it starts over when the last browser leaves, and refuses the next one.
  const options = ['-displayfd', '3', '-nolisten', 'tcp', '-noreset']
  const screen = startTiedProcess([files.display, ...options])
  const [screenNumber] = (await once(screen.output, 'data')) as [Buffer]
  const environment = {
    DISPLAY: `:${screenNumber.toString().trim()}`,
    // Its sandbox needs rights that neither root nor a container has.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  }
  const capabilities = {
    'webkitgtk:browserOptions': { binary: files.browser, args: ['--automation'] },
  }

  return {
    async openPage(url, { offlinePorts } = {}) {
      const server = await startServer(files.driver, environment, offlinePorts)
      try {
        const session = await startSession(server.url, capabilities)
        return await openEnginePage(control(session, server), url)
      } catch (error) {
        await server.end()
        throw error
      }
    },
    close: () => screen.end(),
  }
}

async function startServer(
  driver: string,
  environment: NodeJS.ProcessEnv,
  offlinePorts?: readonly number[],
): Promise<Server> {
  const port = await findFreePort()
  const network = offlinePorts && (await startOwnNetwork())
  for (const known of offlinePorts ?? []) await network?.bringIn(known)
  await network?.bringOut(port)
  const command = [driver, `--port=${port}`, `--host=${host}`] as const
  const running = startTiedProcess(network?.inside(command) ?? command, environment)
  return {
    url: `http://${host}:${port}`,
    network,
    async end() {
      await running.end()
      await network?.close()
    },
  }
}

function control(session: WebDriverSession, { network, end }: Server): PageControls {
  return {
    evaluate: (expression) => evaluate(session, expression),
    navigate: (url) => session.send('POST', '/url', { url }),
    goBack: () => session.send('POST', '/back', {}),
    async setOffline(isOffline) {
      if (!network) throw new Error('The page was opened without `offlinePorts`.')
      await network.setOnline(!isOffline)
    },
    async close() {
      try {
        await session.send('DELETE', '')
      } finally {
        await end()
      }
    },
  }
}
