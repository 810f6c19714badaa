import type { Connection, Undo } from './connection'
import type { ConnectionOptions } from './connection-options'
import { runConnection } from './create-connection'
import { warnAboutConflict } from './option-conflict'

/** What a user of a shared connection asks for. */
export interface Wish {
  readonly url: string
  /** Connection options given right there; those that are `undefined` count as not given. */
  readonly own?: ConnectionOptions | undefined
  /** Options to fall back on, such as those of a provider, as they are now. */
  readonly readInherited?: (() => ConnectionOptions) | undefined
}

/** Where a user gets a connection from. */
export interface Source {
  /** Looks without leaving a trace, so it may be called while rendering. */
  find(): Connection | undefined
  /** Says what is asked for. Options and functions may be new every time; the newest ones count. */
  ask(wish: Wish): void
  /** The connection, to be kept without a lease. A shared one is never forgotten from then on. */
  keep(): Connection | undefined
  /** The connection for sending when nobody may have a lease; forgotten again if nobody comes. */
  visit(): Connection | undefined
  /** The connection with a lease on it, and how to end that; `undefined` if there is none to be had. */
  lease(): readonly [Connection, Undo] | undefined
}

/** One connection per key, made when it is first needed and forgotten when it is unused and empty. */
export type ConnectionPool = (key: string) => Source

interface Entry {
  readonly connection: Connection
  readonly users: Set<User>
  /** Whose URL and options count: the first who gave options, else the first of all. */
  decider: User
  /** Stands for all who keep the connection without a lease. */
  keeper?: User
}

interface User {
  wish: Wish
}

export function createConnectionPool(): ConnectionPool {
  const entries = new Map<string, Entry>()

  function enter(key: string, user: User): Entry {
    const known = entries.get(key)
    if (known) return known
    const sharing = { users: new Set<User>(), decider: user }
    const connection = runConnection(
      () => sharing.decider.wish.url,
      createOptionsMerger(() => sharing.decider.wish),
      () => {
        const isNeeded = sharing.users.size > 0 || connection.getSnapshot().queued > 0
        if (!isNeeded && entries.get(key) === entry) entries.delete(key)
      },
    )
    const entry = Object.assign(sharing, { connection })
    entries.set(key, entry)
    return entry
  }

  return (key) => {
    const user: User = { wish: { url: key } }

    return {
      find: () => entries.get(key)?.connection,
      ask(wish) {
        const entry = entries.get(key)
        const isGiven = Object.values(wish.own ?? {}).some((value) => value !== undefined)
        user.wish = isGiven ? wish : { url: wish.url, readInherited: wish.readInherited }
        if (entry?.users.has(user)) considerDecider(entry, user)
      },
      keep() {
        const entry = enter(key, user)
        const { own } = user.wish
        const keeper = (entry.keeper ??= user)
        if (own && keeper.wish.own) warnAboutConflict(user.wish.url, keeper.wish.own, own)
        else if (own) keeper.wish = user.wish
        entry.users.add(keeper)
        considerDecider(entry, keeper)
        return entry.connection
      },
      visit() {
        const { connection } = enter(key, user)
        // If nobody else is there, what is begun now ends with the linger time.
        connection.lease()()
        return connection
      },
      lease() {
        const entry = enter(key, user)
        entry.users.add(user)
        considerDecider(entry, user)
        const release = entry.connection.lease()
        return [
          entry.connection,
          () => {
            entry.users.delete(user)
            if (entry.decider === user) entry.decider = findDecider(entry.users, user)
            release()
          },
        ]
      },
    }
  }
}

/** Only the newcomer is looked at, for there may be thousands of users. */
function considerDecider(entry: Entry, user: User): void {
  const { decider, users } = entry
  const { own } = user.wish
  if (!users.has(decider) || (own && !decider.wish.own)) entry.decider = user
  else if (own && decider.wish.own && decider !== user) {
    warnAboutConflict(decider.wish.url, decider.wish.own, own)
  }
}

/** Who decides after a decider who has left. If that one gave no options, nobody else has either. */
function findDecider(users: ReadonlySet<User>, leaving: User): User {
  const [first = leaving] = users
  return leaving.wish.own ? ([...users].find(({ wish }) => wish.own) ?? first) : first
}

/** The merged options of a wish: the same object as long as they come from the same ones. */
function createOptionsMerger(readWish: () => Wish): () => ConnectionOptions {
  let lastOwn: ConnectionOptions | undefined
  let lastInherited: ConnectionOptions | undefined
  let merged: ConnectionOptions = {}
  return () => {
    const { own, readInherited } = readWish()
    const inherited = readInherited?.()
    if (own !== lastOwn || inherited !== lastInherited) {
      lastOwn = own
      lastInherited = inherited
      const given = Object.entries(own ?? {}).filter(([, value]) => value !== undefined)
      merged = { ...inherited, ...Object.fromEntries(given) }
    }
    return merged
  }
}
