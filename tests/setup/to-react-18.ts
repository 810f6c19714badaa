/** Turns an import of react or react-dom into one of version 18, installed beside 19. */
export const toReact18 = { find: /^react(-dom)?(?=\/|$)/, replacement: 'react$1-18' }
