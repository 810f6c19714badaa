import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What is served at a path: its content type and its text. */
export type Pages = Readonly<Record<string, readonly [type: string, body: string]>>

/** Serves pages on a free port of this machine. */
export interface PageHost {
  readonly origin: string
  readonly port: number
  close(): Promise<void>
}

const host = '127.0.0.1'

/** The query `policy` of an address becomes the content security policy of its page. */
export async function hostPages(pages: Pages): Promise<PageHost> {
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, `http://${host}`)
    const [type, body] = pages[pathname] ?? []
    const policy = searchParams.get('policy')
    if (policy !== null) response.setHeader('Content-Security-Policy', policy)
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(body)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    origin: `http://${host}:${port}`,
    port,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** A page with a script, and that script. */
export function pageWithScript(path: string, script: string, body = ''): Pages {
  return {
    [path]: ['text/html', htmlOf(`${body}<script src="${path}.js"></script>`)],
    [`${path}.js`]: ['text/javascript', script],
  }
}

/** A page without a script. */
export const plainPage: Pages = { '/plain': ['text/html', htmlOf('<p>Nothing lives here.</p>')] }

function htmlOf(body: string): string {
  // The empty icon keeps the browser from asking for one.
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>wirehook</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`
}
