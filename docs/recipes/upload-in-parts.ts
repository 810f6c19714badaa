import type { Connection } from 'wirehook'

export interface UploadOptions {
  /** Bytes in a part. @default 65_536 */
  partBytes?: number
  signal?: AbortSignal
  /** Called with how much is there, from 0 to 1, after each part. */
  onProgress?: (share: number) => void
}

/**
 * Sends a file in parts. Each is sent once the one before was acknowledged, and once more if the link
 * was lost in between; the server puts it at its `offset`, so a repeated one changes nothing.
 */
export async function uploadInParts(
  connection: Pick<Connection, 'request'>,
  file: Blob,
  { partBytes = 65_536, signal, onProgress }: UploadOptions = {},
): Promise<void> {
  const upload = crypto.randomUUID()
  for (let offset = 0; offset < file.size; offset += partBytes) {
    const part = file.slice(offset, offset + partBytes)
    const data = toBase64(new Uint8Array(await part.arrayBuffer()))
    await connection.request(
      { type: 'part', upload, offset, size: file.size, data },
      { idempotent: true, timeoutMs: 60_000, ...(signal && { signal }) },
    )
    onProgress?.((offset + part.size) / file.size)
  }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
