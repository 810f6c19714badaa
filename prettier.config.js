/** @type {import('prettier').Config} */
export default { printWidth: 100, semi: false, singleQuote: true }
