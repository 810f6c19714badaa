import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

/** A certificate that has signed itself, in PEM, with its private key. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface CertificateOptions {
  /** The only host it is for, by name. */
  readonly host: string
  readonly validFrom: Date
  readonly validTo: Date
}

const tags = {
  integer: 0x02,
  bits: 0x03,
  bytes: 0x04,
  text: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
}

/** Object identifiers, as their bytes. */
const names = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  subjectAltName: '551d11',
}

/** Makes an X.509 certificate (RFC 5280) with a new key on the curve P-256. */
export function createCertificate(options: CertificateOptions): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der(tags.sequence, identifier(names.ecdsaWithSha256))
  const content = describe(options, publicKey, algorithm)
  const signature = sign('sha256', content, privateKey)
  return {
    cert: toPem('CERTIFICATE', der(tags.sequence, content, algorithm, bitString(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

/** What is signed (RFC 5280 §4.1.2). */
function describe(
  { host, validFrom, validTo }: CertificateOptions,
  publicKey: KeyObject,
  algorithm: Buffer,
): Buffer {
  const key = publicKey.export({ type: 'spki', format: 'der' })
  const serial = createHash('sha256').update(key).digest().subarray(0, 8)
  const version3 = der(0xa0, der(tags.integer, Buffer.from([2])))
  const name = distinguishedName(host)
  const validity = der(tags.sequence, utcTime(validFrom), utcTime(validTo))
  const extensions = der(0xa3, der(tags.sequence, subjectAltName(host)))
  return der(
    tags.sequence,
    version3,
    // With this byte in front it is positive.
    der(tags.integer, Buffer.from([1]), serial),
    algorithm,
    name,
    validity,
    name,
    key,
    extensions,
  )
}

function distinguishedName(commonName: string): Buffer {
  const text = der(tags.text, Buffer.from(commonName))
  const attribute = der(tags.sequence, identifier(names.commonName), text)
  return der(tags.sequence, der(tags.set, attribute))
}

function subjectAltName(host: string): Buffer {
  const dnsName = der(0x82, Buffer.from(host))
  return der(
    tags.sequence,
    identifier(names.subjectAltName),
    der(tags.bytes, der(tags.sequence, dnsName)),
  )
}

/** As `YYMMDDhhmmssZ`. */
function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/\D/g, '').slice(2, 14)
  return der(tags.time, Buffer.from(`${digits}Z`))
}

function identifier(bytes: string): Buffer {
  return der(0x06, Buffer.from(bytes, 'hex'))
}

function bitString(bytes: Buffer): Buffer {
  return der(tags.bits, Buffer.from([0]), bytes)
}

/** A value in DER (X.690 §8.1): its tag, its length and its contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag, ...lengthField(content.length)]), content])
}

/** As short as it can be, which DER asks for. */
function lengthField(length: number): number[] {
  if (length < 0x80) return [length]
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}

function toPem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
