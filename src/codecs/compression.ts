import { WirehookError } from '../core/errors'

/** gzip (RFC 1952), which every server can read. */
const format = 'gzip'

export async function compress(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream(format))
  return new Response(stream).arrayBuffer()
}

/**
 * The text in compressed bytes. Stops as soon as there is too much of it: a small message may unpack
 * to gigabytes.
 *
 * @throws WirehookError `message-too-large`
 */
export async function decompress(data: unknown, maxBytes: number): Promise<string> {
  const reader = new Blob([data as BlobPart])
    .stream()
    .pipeThrough(new DecompressionStream(format))
    .getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let size = 0
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    size += value.length
    if (size > maxBytes) {
      await reader.cancel()
      throw new WirehookError('message-too-large', `unpacks to more than ${maxBytes} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}
