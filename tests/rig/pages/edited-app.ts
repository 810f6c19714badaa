import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { createServer, type ViteDevServer } from 'vite'

/** A small app on a Vite development server, whose modules can be edited while it runs. */
export interface EditedApp {
  readonly url: string
  /** Writes another version of the module with the components; the page shows its number. */
  editComponents(version: number): Promise<void>
  /** Writes another version of the module that makes a connection; the page shows its number. */
  editConnection(version: number): Promise<void>
  close(): Promise<void>
}

const repository = fileURLToPath(new URL('../../../', import.meta.url))
const cache = join(repository, '.cache')

export interface EditedAppOptions {
  /** Whether the module that makes a connection leases it, beside the component that uses it. */
  readonly isLeased?: boolean
}

/** Starts the app; both its shared connection and one of its own go to that address. */
export async function startEditedApp(
  socketUrl: string,
  { isLeased = false }: EditedAppOptions = {},
): Promise<EditedApp> {
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'edited-app-'))
  const files = {
    'index.html': page,
    'main.tsx': main,
    'components.tsx': components(socketUrl, 0),
    'connection.ts': connection(socketUrl, 0, isLeased),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const server = await serve(folder)
  async function edit(name: keyof typeof files, text: string): Promise<void> {
    await writeFile(join(folder, name), text)
    // The watcher would tell edits that follow each other fast as one, and some as two.
    server.watcher.emit('change', join(folder, name))
  }
  return {
    url: server.resolvedUrls?.local[0] ?? '',
    editComponents: (version) => edit('components.tsx', components(socketUrl, version)),
    editConnection: (version) => edit('connection.ts', connection(socketUrl, version, isLeased)),
    async close() {
      await server.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

async function serve(folder: string): Promise<ViteDevServer> {
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(folder, '.vite'),
    plugins: [react()],
    resolve: { alias: { wirehook: join(repository, 'src/index.ts') } },
    server: { host: '127.0.0.1', port: 0, fs: { allow: [repository] }, watch: { ignored: ['**'] } },
    // What Vite finds out later would reload the page.
    optimizeDeps: { include: ['react', 'react-dom/client', 'react/jsx-dev-runtime'] },
  })
  return server.listen()
}

const page = `<!doctype html>
<title>edited</title>
<link rel="icon" href="data:,">
<div id="root"></div>
<script type="module" src="/main.tsx"></script>
`

const main = `
import { createRoot } from 'react-dom/client'
import { App } from './components'

createRoot(document.getElementById('root')).render(<App />)
`

/**
 * A lease is nothing that React ends, so the next version of the module does. Vite calls `dispose`
 * only for modules that accept themselves, and this one leaves that to the components.
 */
const lease = `
import.meta.hot.data.release?.()
import.meta.hot.data.release = own.lease()
`

function connection(socketUrl: string, version: number, isLeased: boolean): string {
  return `
import { createConnection } from 'wirehook'

export const own = createConnection('${socketUrl}/own', { lingerMs: 200 })
export const version = ${version}
${isLeased ? lease : ''}`
}

function components(socketUrl: string, version: number): string {
  return `
import { useWebSocket } from 'wirehook'
import { own, version } from './connection'

function Shared() {
  const { status } = useWebSocket('${socketUrl}/shared', { lingerMs: 200 })
  return <p id="shared">{status}</p>
}

function Own() {
  const { status } = useWebSocket(own)
  return <p id="own">{status}</p>
}

export function App() {
  return (
    <>
      <Shared />
      <Own />
      <p id="versions">{\`\${version} ${version}\`}</p>
    </>
  )
}
`
}
