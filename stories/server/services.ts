import { createChatService } from './chat-service.js'
import type { CreateService } from './client.js'
import { createEchoService } from './echo-service.js'

/** Every service of the demos, by the name it has in a URL. */
export const services: Readonly<Record<string, CreateService>> = {
  chat: createChatService,
  echo: createEchoService,
}
