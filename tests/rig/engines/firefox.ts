import { launch, type Page } from 'puppeteer-core'
import { findFirefox } from '../../../scripts/other-browsers.mjs'
import { openEnginePage, type Engine, type PageControls } from './engine-page'

/** How long a command or a script may take. */
const protocolTimeout = 20_000

/** How long the browser may take to end by itself. */
const patienceMs = 5000

/** Starts a headless Firefox with an empty profile of its own, driven by WebDriver BiDi. */
export async function launchFirefox(): Promise<Engine> {
  const executablePath = findFirefox()
  if (!executablePath)
    throw new Error('No Firefox was found: run `node scripts/other-browsers.mjs`.')
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    protocolTimeout,
  })
  return {
    async openPage(url) {
      const context = await browser.createBrowserContext()
      const page = await context.newPage()
      return openEnginePage({ ...control(page), close: () => context.close() }, url)
    },
    async close() {
      const overdue = setTimeout(() => browser.process()?.kill('SIGKILL'), patienceMs)
      await browser.close()
      clearTimeout(overdue)
    },
  }
}

function control(page: Page): Omit<PageControls, 'close'> {
  return {
    evaluate: (expression) => page.evaluate(expression),
    navigate: (url) => page.goto(url),
    // Puppeteer's own takes a document that is restored for a frame that was lost.
    goBack: () => page.evaluate('void setTimeout(() => history.back())'),
    setOffline: (isOffline) => page.setOfflineMode(isOffline),
  }
}
