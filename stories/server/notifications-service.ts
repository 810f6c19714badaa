import type { Notice, NoticesFromServer } from '../../docs/recipes/notifications.js'
import type { Audience, Service } from './client.js'
import { readText, readTexts } from './message-fields.js'

const kept = 30

/** Notices for one user, who may have it open in many places. Anybody may publish one here. */
export function createNotificationsService(audience: Audience): Service {
  let notices: readonly Notice[] = []
  let count = 0

  const tellAll = (event: NoticesFromServer): void => audience.tellAll(event)

  function publish(text: string): void {
    count += 1
    const notice = { key: `notice-${count}`, text, at: Date.now(), isRead: false }
    notices = [notice, ...notices].slice(0, kept)
    tellAll({ type: 'notice', notice })
  }

  function markRead(keys: readonly string[]): void {
    notices = notices.map((notice) =>
      keys.includes(notice.key) ? { ...notice, isRead: true } : notice,
    )
    tellAll({ type: 'read', keys })
  }

  return {
    onJoin(client) {
      const inbox: NoticesFromServer = { type: 'inbox', notices }
      client.tell(inbox)
    },
    onMessage(client, message) {
      const text = readText(message, 'text', 200)
      if (message.type === 'publish' && text) publish(text)
      else if (message.type === 'read') markRead(readTexts(message, 'keys', kept))
      else client.close(1008, 'Not a message about notices')
    },
  }
}
