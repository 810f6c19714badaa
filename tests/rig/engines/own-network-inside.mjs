// Runs in a network of its own, and does there what the process that started it asks for.
import { execFileSync } from 'node:child_process'
import { startRelay } from './relay.mjs'

/**
 * @typedef {import('./relay.mjs').End} End
 *
 * @typedef {{ relay: { from: End, to: End } } | { isOnline: boolean }} Order
 */

/** @param {Order} order */
async function carryOut(order) {
  if ('relay' in order) await startRelay(order.relay.from, order.relay.to)
  // The system counts as online while there is a way to anywhere, even if it leads back home.
  else run('ip', 'route', order.isOnline ? 'add' : 'delete', 'default', 'dev', 'lo')
}

/**
 * @param {string} command
 * @param {string[]} parameters
 */
function run(command, ...parameters) {
  execFileSync(command, parameters)
}

run('ip', 'link', 'set', 'lo', 'up')
process.on('message', (order) => {
  carryOut(/** @type {Order} */ (order)).then(
    () => process.send?.({}),
    (error) => process.send?.({ error: String(error) }),
  )
})
process.on('disconnect', () => process.exit())
process.send?.({})
