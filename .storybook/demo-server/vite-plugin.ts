import type { Plugin, ViteDevServer } from 'vite'
import { createDemoServer } from './http-server.js'

/** Attaches the server of the demos to the dev server, on its own port and under a prefix of its own. */
export function demoServer(): Plugin {
  let detach: (() => void) | undefined
  return {
    name: 'wirehook-demo-server',
    apply: 'serve',
    configureServer(server) {
      detach = attach(server)
    },
    closeBundle() {
      detach?.()
    },
  }
}

function attach(server: ViteDevServer): (() => void) | undefined {
  const httpServer = findHttpServer(server)
  if (!httpServer) return undefined
  const demos = createDemoServer()
  httpServer.on('upgrade', demos.handleUpgrade)
  httpServer.on('close', demos.close)
  server.middlewares.use((request, response, next) => {
    if (!demos.handleRequest(request, response)) next()
  })
  return () => {
    httpServer.off('upgrade', demos.handleUpgrade)
    demos.close()
  }
}

/** Storybook runs Vite as a middleware: its own HTTP server is then only known to hot reloading. */
function findHttpServer({ httpServer, config }: ViteDevServer) {
  const { hmr } = config.server
  return httpServer ?? (typeof hmr === 'object' ? hmr.server : undefined)
}
