import type { Plugin, ViteDevServer } from 'vite'
import { createChatServer } from './chat-server.js'

/** Attaches the chat server to the dev server, on its own port and under its own prefix. */
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
  const chat = createChatServer()
  httpServer.on('upgrade', chat.handleUpgrade)
  httpServer.on('close', chat.close)
  server.middlewares.use((request, response, next) => {
    if (!chat.handleRequest(request, response)) next()
  })
  return () => {
    httpServer.off('upgrade', chat.handleUpgrade)
    chat.close()
  }
}

/** Storybook runs Vite as a middleware: its own HTTP server is then only known to hot reloading. */
function findHttpServer({ httpServer, config }: ViteDevServer) {
  const { hmr } = config.server
  return httpServer ?? (typeof hmr === 'object' ? hmr.server : undefined)
}
