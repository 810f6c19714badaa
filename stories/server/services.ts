import { createAnswerService } from './answer-service.js'
import { createCensusService } from './census-service.js'
import { createChatService } from './chat-service.js'
import type { CreateService } from './client.js'
import { createDoorService } from './door-service.js'
import { createEchoService } from './echo-service.js'
import { createQuotesService } from './quotes-service.js'
import { createStreamService } from './stream-service.js'
import { createTokenService } from './token-service.js'
import { createWaveService } from './wave-service.js'
import { createLiveChatService } from './live-chat-service.js'
import { createLiveCursorsService } from './live-cursors-service.js'
import { createLogTailService } from './log-tail-service.js'
import { createNotificationsService } from './notifications-service.js'
import { createPriceTickerService } from './price-ticker-service.js'
import { createSharedTodosService } from './shared-todos-service.js'
import { createTokenStreamService } from './token-stream-service.js'

/** Every service of the demos, by the name it has in a URL. */
export const services: Readonly<Record<string, CreateService>> = {
  answer: createAnswerService,
  census: createCensusService,
  chat: createChatService,
  door: createDoorService,
  echo: createEchoService,
  quotes: createQuotesService,
  stream: createStreamService,
  token: createTokenService,
  wave: createWaveService,
  'live-chat': createLiveChatService,
  'live-cursors': createLiveCursorsService,
  'log-tail': createLogTailService,
  notifications: createNotificationsService,
  'price-ticker': createPriceTickerService,
  'shared-todos': createSharedTodosService,
  'token-stream': createTokenStreamService,
}
