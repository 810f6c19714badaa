import { join } from 'node:path'
import { bundle, measureBytes } from '../../scripts/bundle.mjs'
import { bench, root } from './paths.mjs'

const dist = join(root, 'dist')

/** The smallest import that gives a connection in a component, and the entries of the package. */
const imports = /** @type {Record<string, { code: string, folder: string }>} */ ({
  'wirehook, minimal': {
    code: `export { useWebSocket, WebSocketProvider } from './index.js'`,
    folder: dist,
  },
  wirehook: { code: `export * from './index.js'`, folder: dist },
  'wirehook/core': { code: `export * from './core.js'`, folder: dist },
  'wirehook/codecs': { code: `export * from './codecs.js'`, folder: dist },
  'react-use-websocket': { code: `export { default } from 'react-use-websocket'`, folder: bench },
  partysocket: { code: `export { useWebSocket } from 'partysocket/react'`, folder: bench },
  ahooks: { code: `export { default } from 'ahooks/es/useWebSocket'`, folder: bench },
  // There is no hook in it: what everybody writes around it comes on top.
  'reconnecting-websocket': {
    code: `export { default } from 'reconnecting-websocket'`,
    folder: bench,
  },
})

/** Minified bytes of each import, React aside, as they are and compressed. */
export async function measureSizes() {
  const rows = await Promise.all(
    Object.entries(imports).map(async ([name, { code, folder }]) => {
      const { minified, gzip, brotli } = measureBytes((await bundle(code, folder)).contents)
      const sizes = { minified: [minified], gzip: [gzip], brotli: [brotli] }
      return /** @type {const} */ ([name, sizes])
    }),
  )
  return Object.fromEntries(rows)
}
