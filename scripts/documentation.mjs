// npm run docs                        builds the site into docs-static/
// npm run docs -- --base /wirehook/   the same, to be served under that path
// npm run docs:dev                    shows it, and every change to a page
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build, createServer } from 'vitepress'
import { findBrokenSiteLinks } from './documentation-links.mjs'
import { docs, root } from './documentation-pages.mjs'
import { writeReference } from './documentation-reference.mjs'
import { writeText } from './documentation-text.mjs'

const { values } = parseArgs({
  options: { base: { type: 'string', default: '/' }, dev: { type: 'boolean', default: false } },
})
const { base, dev } = values

await writeReference()
if (dev) {
  const server = await createServer(docs)
  await server.listen()
  server.printUrls()
} else {
  const site = join(root, 'docs-static')
  await build(docs, { base, outDir: site })
  writeText(site)
  const broken = findBrokenSiteLinks(site, base)
  for (const link of broken) console.error(`leads nowhere: ${link}`)
  console.log(`The documentation is in ${site}`)
  process.exitCode = broken.length > 0 ? 1 : 0
}
