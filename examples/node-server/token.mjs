// Prints a token for trying the server out: `TOKEN_SECRET=… node token.mjs ada 10` is for ten minutes.
import { createToken } from './tokens.mjs'

const [user = 'ada', minutes = '10'] = process.argv.slice(2)
const secret = process.env.TOKEN_SECRET
if (!secret) throw new Error('Set TOKEN_SECRET to that of the server.')
console.log(createToken(secret, { user, expiresAt: Date.now() + Number(minutes) * 60_000 }))
